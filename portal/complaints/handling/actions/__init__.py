"""Every write to a case, each with its event."""
