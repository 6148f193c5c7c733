"""The demonstration: arrangements as files to load, and rounds that invented people play."""
