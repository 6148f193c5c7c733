"""What a WSGI server and `flask --app wsgi` open."""

from __future__ import annotations

import gc

from portal import create_app

app = create_app()

# What start-up made lives as long as the process: collections need not look at it again.
gc.collect()
gc.freeze()
