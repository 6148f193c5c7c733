"""A provider disputes the refusal of a line, once; somebody else of the council decides."""
