"""Agreements that move from one council to another."""
