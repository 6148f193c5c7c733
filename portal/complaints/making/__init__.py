"""Making a complaint, a compliment or a worry, in a few steps and without an account."""
