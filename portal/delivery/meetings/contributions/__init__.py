"""What was contributed to meetings about a young person: PEP, LAC review, Team Around the Child."""
