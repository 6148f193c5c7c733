"""What a provider finds of a referral that it was sent, and how it declines."""
