"""Tests of portal.kernel.post."""
