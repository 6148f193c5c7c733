"""How an organisation deals with complaints, published in its own plain words."""
