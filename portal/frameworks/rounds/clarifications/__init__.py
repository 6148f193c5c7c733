"""Questions about a round: asked in private, answered for everybody without the asker's name."""
