"""What is learned from complaints, for whom it is written down, without who complained."""
