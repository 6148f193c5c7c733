"""The providers on a council's frameworks."""
