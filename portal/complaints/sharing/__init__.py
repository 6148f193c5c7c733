"""What a provider is shown of a complaint, what it answers, and the complaints it got itself."""
