"""Recording the nights of placements."""
