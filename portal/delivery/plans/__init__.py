"""Recurring sessions: the same days and times every week until a day."""
