"""The one place that opens a repository: tree, fold, signatures and catalogs become a ``Library``.

Reading commands open the mainline at a moment. Checks open a change: a work tree, the index or a merge as
one step on the mainline, or a pushed range. A snapshot is a tree that is judged by itself.
"""

from isodocs.workspace.opening import Desk, mainline_name, open_desk, open_library, open_reading
from isodocs.workspace.snapshot import open_snapshot

__all__ = ["Desk", "mainline_name", "open_desk", "open_library", "open_reading", "open_snapshot"]
