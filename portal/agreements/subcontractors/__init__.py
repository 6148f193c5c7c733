"""Sub-contractors, used only once the council has agreed in writing."""
