"""Credit notes: a provider takes something off a paid line, and the council accepts it."""
