"""What a provider says it can take: how many young people at once, and which kinds of work."""
