from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emkg.demonstration import City, generate_city

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    directory: Path = tmp_path_factory.mktemp("city")
    return generate_city(directory)
