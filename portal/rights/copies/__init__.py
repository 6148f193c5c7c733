"""A copy of everything that the portal keeps about one person, with others masked."""
