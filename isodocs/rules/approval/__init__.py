"""Rules on statements and signatures: what is approved, what is not, and why a signature does not count."""
