"""Files in a documented format: read with lines, checked key by key, every problem at its place."""
