"""How a provider stands in a category: suspended, ended, promoted from reserve."""
