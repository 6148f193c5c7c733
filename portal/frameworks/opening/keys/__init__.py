"""A person's own key for opening bids, under a pass phrase that nobody else knows or can reset."""
