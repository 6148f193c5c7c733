"""Receiving an application: sealed at once, timed by the database's clock, with a receipt."""
