"""A provider registers itself and its first administrator; a letter proves the address."""
