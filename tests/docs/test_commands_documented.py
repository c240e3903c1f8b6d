import re
from pathlib import Path

import pytest

from emkg.cli.main import COMMANDS


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_every_command_is_in_the_readme(checkout: Path, readme: str) -> None:
    text = (checkout / readme).read_text(encoding="utf-8")

    named = set(re.findall(r"`emkg ([a-z]+)", text))

    assert named == set(COMMANDS)
