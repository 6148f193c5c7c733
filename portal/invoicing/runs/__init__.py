"""Payment runs: approved lines proposed by one person, released by another, paid by remittances."""
