"""Notices of change or risk to delivery: given by a provider, closed by the council."""
