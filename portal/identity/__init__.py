"""Organisations, people, their roles, and signing in."""
