"""A person's own account: password, open sign-ins, what happened to them, and the letters."""
