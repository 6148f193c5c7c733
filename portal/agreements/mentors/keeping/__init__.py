"""Keeping a mentor's checks, training and hours, a page for each."""
