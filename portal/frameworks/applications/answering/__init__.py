"""Answering a round: the categories, the questions, the evidence."""
