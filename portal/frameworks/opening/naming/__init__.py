"""Naming the two people who open a round."""
