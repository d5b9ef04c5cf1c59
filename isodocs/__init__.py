"""isodocs: Git-native document control for ISO management systems."""

__version__ = "0.1.0"
