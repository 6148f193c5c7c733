"""The termly report on an agreement: written by the provider, decided by the council."""
