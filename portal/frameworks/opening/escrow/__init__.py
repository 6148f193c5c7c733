"""The escrow: a third share of each round's key, for when one of its two people cannot come."""
