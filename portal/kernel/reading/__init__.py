"""Pages that people read without an account, in their language and in their own way."""
