"""Safeguarding alerts: who takes them, and who is reminded when nobody does."""
