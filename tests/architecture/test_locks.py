import re
from pathlib import Path

import pytest


@pytest.mark.parametrize("name", ["runtime.txt", "dev.txt"])
def test_every_locked_dependency_has_a_hash_and_no_download_address(checkout: Path, name: str) -> None:
    text = (checkout / "requirements" / name).read_text(encoding="utf-8")

    pinned = re.findall(r"^([a-z0-9._-]+)==\S+", text, flags=re.MULTILINE | re.IGNORECASE)

    assert len(pinned) > 20
    assert text.count("==") <= text.count("--hash=sha256:")
    assert "://" not in text
    assert "index-url" not in text
