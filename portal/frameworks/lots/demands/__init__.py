"""The evidence that a framework demands of everybody, or of those who bid for one lot."""
