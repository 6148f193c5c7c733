"""The month end: from delivered units to an approved and paid invoice."""
