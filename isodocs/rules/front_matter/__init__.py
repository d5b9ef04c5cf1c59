"""Rules on the keys and values at the top of a document."""
