"""Rules on settings, people and the other protected files."""
