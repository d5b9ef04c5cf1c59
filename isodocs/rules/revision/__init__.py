"""Rules on the numbers and reasons of revisions."""
