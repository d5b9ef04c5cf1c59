"""The MkDocs plugin of isodocs: the site shows an edition, and nothing else."""
