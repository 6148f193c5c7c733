"""Safeguarding concerns: raised in two steps, tracked until acknowledged and closed."""
