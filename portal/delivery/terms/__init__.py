"""A council's school terms, and how soon after each a report is due."""
