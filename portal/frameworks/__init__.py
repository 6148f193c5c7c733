"""Frameworks, their lots and categories, and the providers' places with their prices."""
