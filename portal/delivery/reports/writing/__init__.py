"""The provider writes a termly report, adds files and submits it."""
