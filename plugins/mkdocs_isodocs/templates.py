"""Templates of the theme, compiled once for all builds of one site.

Compiled code is as trustworthy as the store it comes from, which seals what it keeps for this user. It stands
under all that every page depends on, and Jinja itself holds it against the template's text.
"""

from __future__ import annotations

from pickle import UnpicklingError
from typing import TYPE_CHECKING, Final

from jinja2 import BytecodeCache

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2.bccache import Bucket

KIND: Final = "site-template"
MOST: Final = 16 << 20
_FAULTS: Final = (UnpicklingError, EOFError, ValueError, TypeError, LookupError, AttributeError)


class Templates(BytecodeCache):
    """Compiled templates, for one build.

    Args:
        kept: gives what was kept of a kind under a question, or nothing.
        keep: keeps something.
        of_site: all that every page depends on.
    """

    def __init__(
        self,
        kept: Callable[[str, bytes], bytes | None],
        keep: Callable[[str, bytes, bytes], None],
        of_site: bytes,
    ) -> None:
        self._kept, self._keep, self._of_site = kept, keep, of_site

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket with what was kept of a template, unless its text is another now."""
        data = self._kept(KIND, self._question(bucket))
        try:
            bucket.bytecode_from_string(data or b"")
        except _FAULTS:
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what a bucket holds."""
        self._keep(KIND, self._question(bucket), bucket.bytecode_to_string())

    def _question(self, bucket: Bucket) -> bytes:
        return self._of_site + bucket.key.encode("ascii")
