"""How somebody comes into an organisation: invited, or asking to join."""
