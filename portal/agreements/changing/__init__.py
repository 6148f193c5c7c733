"""Suspending, resuming and ending agreements; what both sides must agree to."""
