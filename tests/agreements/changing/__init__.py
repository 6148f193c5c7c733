"""Changes of agreements: suspensions, endings, variations, moves, sub-contractors."""
