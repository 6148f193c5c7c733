"""Getting back in, and keeping one's own name and address right."""
