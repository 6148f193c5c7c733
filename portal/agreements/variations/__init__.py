"""Changes of an agreement's terms, proposed by one side and agreed by the other."""
