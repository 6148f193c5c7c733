"""A framework's lots and categories, and the prices and bands of each category."""
