"""What a WSGI server and `flask --app wsgi` open."""

from __future__ import annotations

from portal import create_app

app = create_app()
