"""Whether each part of an application passes, with reasons."""
