"""Every write of the month end, each with its audit event: submit, decide, reply, pay."""
