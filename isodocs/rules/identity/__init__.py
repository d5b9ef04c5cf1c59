"""Rules on ids, file names and types."""
