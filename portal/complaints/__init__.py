"""Complaints, compliments and worries: how they arrive, are followed, handled and learned from."""
