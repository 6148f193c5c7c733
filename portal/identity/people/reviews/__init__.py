"""Twice a year administrators confirm who still needs which roles."""
