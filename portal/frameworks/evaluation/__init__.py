"""From opened bids to signed places with prices: who evaluates, marks, decides and signs."""
