"""Telling people what happened and what is due: in the portal, and by e-mail as each one chose."""
