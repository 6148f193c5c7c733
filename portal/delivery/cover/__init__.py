"""Sessions whose mentor works on the agreement no more: taken over, or shown to be arranged."""
