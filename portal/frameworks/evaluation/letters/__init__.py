"""What each provider is told: its own marks and reasons, as a page and as a PDF."""
