"""The order form for one offer; the provider's acceptance forms the Individual Agreement."""
