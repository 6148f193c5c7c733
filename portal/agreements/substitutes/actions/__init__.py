"""Every change of who works on an agreement."""
