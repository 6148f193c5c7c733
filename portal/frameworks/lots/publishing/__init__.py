"""What a framework asks, for everybody who may read it; publishing it, and extending its term."""
