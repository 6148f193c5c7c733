"""Setting a framework up: its terms, lots, categories, prices asked and evidence demanded."""
