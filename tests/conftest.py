"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite the expected N-Quads of tests/golden"
    )


def _shared() -> Path | None:
    named = os.environ.get("SHARED_DIR")
    folder = Path(named) if named else ROOT.parent / "shared"
    return folder if (folder / "domain").is_dir() else None


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder of shared data; a run with REQUIRE_SHARED=1 (as CI's is) fails where it is absent."""
    folder = _shared()
    if folder is None:
        reason = "the folder of shared data is neither at ../shared nor at SHARED_DIR"
        if os.environ.get("REQUIRE_SHARED") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The repository's root."""
    return ROOT


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether the expected files of tests/golden are to be rewritten."""
    return bool(request.config.getoption("--update-golden"))
