"""The contacts that a council publishes: kept, checked, and never overwritten."""
