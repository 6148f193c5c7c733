"""Who opens a round's bids, with which keys, and the opening itself; the escrow that stands in."""
