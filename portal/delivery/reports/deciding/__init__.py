"""The council accepts a termly report, or gives it back with reasons."""
