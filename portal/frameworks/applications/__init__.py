"""A provider's answer to a round: drafted, priced, sealed, received, opened."""
