"""How a council handles a complaint: its track and stages, its clocks, its people, its answers."""
