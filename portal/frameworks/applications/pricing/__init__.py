"""Pricing a bid, with what each price would mean under the published rules."""
