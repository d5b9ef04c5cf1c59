"""Rules on the words of a document."""
