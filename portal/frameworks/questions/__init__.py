"""The questions of a round: built, versioned, exported and read in."""
