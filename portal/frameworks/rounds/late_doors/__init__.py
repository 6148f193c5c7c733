"""One provider let in late, by name and with a reason: asked by one person, agreed by another."""
