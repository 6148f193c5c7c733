"""Tests of portal.kernel.jobs."""
