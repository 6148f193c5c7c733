"""How prices are sealed: keys, shares of keys, what is sealed, and receipts for it. Pure."""
