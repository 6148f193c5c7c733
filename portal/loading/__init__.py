"""Bringing a council's existing arrangements in from one validated file."""
