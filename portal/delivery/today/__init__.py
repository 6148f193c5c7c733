"""A mentor's own day."""
