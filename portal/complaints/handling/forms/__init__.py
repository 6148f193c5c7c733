"""What each step of a case asks."""
