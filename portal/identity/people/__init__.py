"""The people of an organisation: their roles, how they come, and how they leave."""
