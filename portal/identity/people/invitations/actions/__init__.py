"""Inviting somebody, accepting, and asking to be invited."""
