"""A later closing for everybody: asked for by one person, agreed by another."""
