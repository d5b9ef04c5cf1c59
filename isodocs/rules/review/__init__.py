"""Rules on review dates and the order of dates."""
