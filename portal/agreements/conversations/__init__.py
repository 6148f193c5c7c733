"""What a council and a provider write to each other about a referral or an agreement."""
