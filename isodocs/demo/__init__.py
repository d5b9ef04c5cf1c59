"""The example company: eighteen months of its life as data, and what plays them into a git repository."""

from isodocs.demo.player import Played, play

__all__ = ["Played", "play"]
