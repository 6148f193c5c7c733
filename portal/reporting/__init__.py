"""What is read across packages. Nothing here writes."""
