"""Each evaluator's own scores, which nobody else sees before moderation."""
