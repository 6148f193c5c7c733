"""What a council may spend on a framework in each contract year."""
