import subprocess
import sys

import pytest

import emkg


@pytest.mark.parametrize("name", emkg.__all__)
def test_every_listed_name_is_there(name: str) -> None:
    assert getattr(emkg, name) is not None


def test_an_unlisted_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = emkg.nothing  # type: ignore[attr-defined]


def test_importing_the_package_imports_no_engine() -> None:
    code = (
        "import sys, emkg; print([name for name in ('duckdb', 'rdflib', 'fastapi') if name in sys.modules])"
    )

    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert result.stdout.strip() == "[]"
