"""What every part of the portal stands on; it knows no council words."""
