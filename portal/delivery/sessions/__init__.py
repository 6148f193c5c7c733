"""Recording sessions one at a time."""
