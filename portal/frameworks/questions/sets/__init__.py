"""Sets of questions as YAML files: taken out of a round, brought in, or ready made."""
