"""What stands at the doors of a repository: the server's hook that judges every push."""
