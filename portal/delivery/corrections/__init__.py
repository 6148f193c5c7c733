"""Corrections of what is on an invoice already, by a reversing entry."""
