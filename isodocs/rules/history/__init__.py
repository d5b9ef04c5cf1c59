"""Rules on the mainline: what must not vanish from it, and its clocks."""
