"""The deadlines of an agreement, and the contacts that meet them (rules.md C6)."""
