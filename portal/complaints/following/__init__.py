"""Coming back with the code and the four words: reading, answering, adding, withdrawing."""
