"""What administrators change: roles, leaving, and what the organisation asks of everybody."""
