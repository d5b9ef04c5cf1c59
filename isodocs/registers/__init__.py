"""Registers: what the field keeps as lists, computed from a library. Pure."""
