"""The day or time a command is asked about."""

from __future__ import annotations

import pytest

from isodocs.core.identity import format_time
from isodocs.core.moment import AsOf


@pytest.mark.parametrize("zone", ["America/New_York", "UTC"])
def test_the_last_day_of_the_calendar_can_be_written(zone: str) -> None:
    assert format_time(AsOf.read("9999-12-31", 0).moment(zone)) == "9999-12-31T23:59:59Z"
