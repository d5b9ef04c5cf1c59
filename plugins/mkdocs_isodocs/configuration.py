"""What ``plugins: - isodocs:`` may say in mkdocs.yml."""

from __future__ import annotations

from datetime import UTC, date, datetime

from mkdocs.config import config_options
from mkdocs.config.base import BaseConfigOption, Config, ValidationError


class Moment(BaseConfigOption[str]):
    """A day or a time, whether YAML made a date of it or not."""

    def run_validation(self, value: object) -> str:
        """The moment as text; what it means is for the library to say."""
        if isinstance(value, datetime):
            if value.tzinfo is None:
                raise ValidationError("A time needs its zone: write 2026-03-31T12:00:00Z.")
            return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, str) and value.strip():
            return value.strip()
        raise ValidationError("Expected a day such as 2026-03-31, or a time such as 2026-03-31T12:00:00Z.")


class IsodocsConfig(Config):  # type: ignore[no-untyped-call] # MkDocs leaves __init_subclass__ untyped
    """What ``plugins: - isodocs:`` may say in mkdocs.yml.

    Attributes:
        preview: show the author's drafts too, under ``mkdocs serve`` only.
        as_of: the day, or the time, whose edition is shown; none: now.
        snapshot: read the folder alone, without its history.
        repository: the quality management repository; none: the folder of mkdocs.yml.
        offline: make a site that can be read from a disk without any server.
        incremental: put out again what an earlier build rendered, where nothing it depends on has changed.
    """

    preview = config_options.Type(bool, default=False)
    as_of = config_options.Optional(Moment())
    snapshot = config_options.Type(bool, default=False)
    repository = config_options.Optional(config_options.Type(str))
    offline = config_options.Type(bool, default=False)
    incremental = config_options.Type(bool, default=True)
