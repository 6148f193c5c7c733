"""Beginning an application, carrying over what was said before, and its task list."""
