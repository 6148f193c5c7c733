"""The provider's side: its outcome with its own marks, and signing what it won."""
