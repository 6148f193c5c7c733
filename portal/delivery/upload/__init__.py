"""Many sessions or nights at once, from a file."""
