"""A council sets its caps, year by year: a first cap counts what invoices had approved before."""
