"""Rounds and frameworks in pictures, each with the table it was drawn from."""
