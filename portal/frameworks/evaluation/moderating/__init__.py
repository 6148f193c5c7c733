"""From independent scores to one consensus score an answer, with its reason."""
