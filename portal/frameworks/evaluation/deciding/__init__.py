"""Marks, ranking and the decision on each bid."""
