"""Data rights: a copy of what is kept about a person, how long things are kept, legal holds."""
