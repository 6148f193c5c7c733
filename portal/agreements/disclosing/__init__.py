"""Who of a provider is told who a young person is, and each look at it."""
