"""What a provider offers for a referral, and how a council compares the offers."""
