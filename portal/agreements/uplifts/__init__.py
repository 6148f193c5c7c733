"""The yearly uplift of a framework's prices: proposed by one person, agreed by another."""
