"""Reports: results as text for people and for machines."""
