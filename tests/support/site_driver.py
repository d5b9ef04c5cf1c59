"""Runs ``mkdocs build`` or ``properdocs build`` on a handmade edition. Started by ``support.sites.run``."""

from __future__ import annotations

import sys
from importlib import import_module


def main(generator: str, factory: str, config: str, site: str) -> None:
    """Build with that generator's own command line."""
    if generator == "properdocs":
        import_module("properdocs.replacement")
    plugin = import_module("mkdocs_isodocs.plugin")
    module, _, name = factory.partition(":")
    edition = getattr(import_module(module), name)()
    plugin.edition_for = lambda *_: edition  # type: ignore[attr-defined] # the one seam of the plugin
    command = import_module(f"{generator}.__main__").cli
    command(["build", "--quiet", "--strict", "--config-file", config, "--site-dir", site])


if __name__ == "__main__":
    main(*sys.argv[1:])
