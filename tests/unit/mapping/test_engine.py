from __future__ import annotations

import pytest

from emkg.errors import MemoryLimitError
from emkg.mapping.engine import Engine


def test_what_does_not_fit_into_memory_says_which_option_allows_more() -> None:
    with Engine(memory_mb=64) as engine, pytest.raises(MemoryLimitError, match="--memory"):
        engine.execute("SELECT list(range) FROM range(100_000_000)")
