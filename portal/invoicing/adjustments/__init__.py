"""A price that rose for days that were invoiced already: one line more, nothing rewritten."""
