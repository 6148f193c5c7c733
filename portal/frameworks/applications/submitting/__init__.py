"""Checking, declaring, submitting and withdrawing an application."""
