"""The prices that a category asks for, and its published bands."""
