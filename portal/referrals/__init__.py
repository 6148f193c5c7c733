"""What a council needs for one young person, and which providers it asks."""
