"""Scanners from the package index against the demonstration on loopback: ``make scan``."""
