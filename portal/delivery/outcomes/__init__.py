"""Indicators of how a young person is doing: scored at the start and each term, and plotted."""
