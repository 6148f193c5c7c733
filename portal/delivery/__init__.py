"""What was delivered: sessions and nights."""
