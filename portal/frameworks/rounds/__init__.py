"""Rounds: announced, open, closed, opened; their clarifications, extensions and late doors."""
