"""How to complain and who can help, published to everybody without an account."""
