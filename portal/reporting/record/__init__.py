"""The record of who did what, in words: it knows the events of every package, hence up here."""
