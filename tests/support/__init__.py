"""What the tests stand on: databases, a browser, a served portal, and no way out to a network."""
