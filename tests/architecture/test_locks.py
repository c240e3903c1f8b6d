import re
from importlib import metadata
from pathlib import Path

import pytest


@pytest.mark.parametrize("name", ["runtime.txt", "dev.txt"])
def test_every_locked_dependency_has_a_hash_and_no_download_address(checkout: Path, name: str) -> None:
    text = (checkout / "requirements" / name).read_text(encoding="utf-8")

    pinned = re.findall(
        r"^([a-z0-9._-]+)(?:\[[a-z0-9,._-]+\])?==\S+", text, flags=re.MULTILINE | re.IGNORECASE
    )

    assert len(pinned) > 20
    assert text.count("==") <= text.count("--hash=sha256:")
    assert "://" not in text
    assert "index-url" not in text


def test_what_a_dependency_wants_with_an_extra_is_locked_with_it(checkout: Path) -> None:
    """Else pip takes it for something that the lock does not name, as soon as there is a newer version."""
    text = (checkout / "requirements" / "dev.txt").read_text(encoding="utf-8")
    locked = {line.partition("==")[0] for line in text.splitlines() if "==" in line and line[0] not in "# "}

    wanted = {
        f"{found[1]}[{found[2]}]"
        for one in metadata.distributions()
        if one.metadata["Name"] != "emkg"  # installed by itself, without its dependencies
        for requirement in one.requires or ()
        if "extra ==" not in requirement
        and (found := re.match(r"([\w.-]+)\[([\w,.-]+)\]", requirement)) is not None
    }

    assert wanted
    assert wanted <= locked
