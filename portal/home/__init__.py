"""The front page of each role, and the pages about the portal itself."""
