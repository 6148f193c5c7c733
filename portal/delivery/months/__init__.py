"""A month of delivery: what was recorded and what is missing."""
