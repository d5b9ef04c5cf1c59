"""Scripts of the theme without the addresses of other hosts.

Material loads Mermaid and a shim from a content delivery network, and asks forges how many stars a
repository has. Here Mermaid ships with the plugin, and the rest is never asked for; the addresses are
taken out all the same, so that anybody can search the site for them and find none.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mkdocs.structure.files import File, InclusionLevel

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

log = logging.getLogger("mkdocs.plugins.isodocs")
_BUNDLE: Final = re.compile(r"assets/javascripts/(?:bundle|workers/search)\.[0-9a-f]+\.min\.js")
_SOURCE_MAP: Final = re.compile(r"\n?(?://# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ \*/)\s*\Z")
_LOCAL: Final = 'new URL("assets/isodocs/mermaid.min.js",__md_scope).href'
_REPLACED: Final = (
    (re.compile(r'"https://unpkg\.com/mermaid@[^"]*"'), _LOCAL),
    (re.compile(r'"https://unpkg\.com/resize-observer-polyfill"'), '"about:blank"'),
    (re.compile(r"`https://api\.github\.com/"), "`about:blank#/"),
    (re.compile(r"`https://\$\{e\}/api/"), "`about:blank#/${e}/api/"),
)
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_ADDRESS: Final = re.compile(r"""["'`]https?://(?!www\.w3\.org/)[^"'`]*""")


def without_other_hosts(file: File, config: MkDocsConfig) -> File:
    """The file as it is, or a changed copy of a script or style sheet of the theme."""
    if file.abs_src_path is None or not file.src_uri.endswith((".min.js", ".min.css")):
        return file
    if not file.src_uri.startswith(("assets/javascripts/", "assets/stylesheets/")):
        return file
    text = Path(file.abs_src_path).read_text("utf-8")
    changed = _SOURCE_MAP.sub("\n", text)
    if _BUNDLE.fullmatch(file.src_uri):
        changed = local(changed)
        left = _ADDRESS.search(_COMMENT.sub("", changed))
        if left:
            log.warning("isodocs: %s names another host: %s", file.src_uri, left[0][1:80])
    if changed == text:
        return file
    return File.generated(config, file.src_uri, content=changed, inclusion=InclusionLevel.INCLUDED)


def local(script: str) -> str:
    """Material's script with its known addresses of other hosts replaced."""
    for pattern, replacement in _REPLACED:
        script = pattern.sub(replacement.replace("\\", r"\\"), script)
    return script
