"""A place with the agreements made under it."""
