"""What providers ask about a referral, and what the council answers."""
