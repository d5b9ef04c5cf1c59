"""The only doorway to git."""
