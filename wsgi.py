"""What a WSGI server and `flask --app wsgi` open."""

from __future__ import annotations

from portal import create_app
from portal.kernel.process import calm_collector

app = create_app()
calm_collector()
