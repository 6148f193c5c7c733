"""What providers can apply for, read by anybody without an account."""
