"""Meetings of a council with a provider, and contributions to a young person's own."""
