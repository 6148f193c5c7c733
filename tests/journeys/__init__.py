"""What people do in a real browser, with the served demonstration, from beginning to end."""
