"""The files behind the evidence: sent by the provider, opened and judged by its councils."""
