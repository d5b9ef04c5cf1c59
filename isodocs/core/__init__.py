"""The domain, pure: documents, people, statements and the fold that turns history into status."""
