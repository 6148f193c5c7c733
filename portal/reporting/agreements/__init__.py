"""Individual Agreements as pages: with what delivery knows of them, hence up here."""
