"""The guide explains every kind of finding that the ontology check can make."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from emkg.ontology.finding import PROBLEMS

if TYPE_CHECKING:
    from pathlib import Path


def test_every_problem_is_in_the_guide_and_no_other(checkout: Path) -> None:
    lines = (checkout / "docs" / "guide" / "ontology.md").read_text(encoding="utf-8").splitlines()
    cells = [line.split("|")[1] for line in lines if re.match(r"\| `[a-z]+-?[a-z-]*` .*\| ", line)]

    documented = {slug for cell in cells for slug in re.findall(r"`([a-z]+(?:-[a-z]+)*)`", cell)}

    assert PROBLEMS.keys() - documented == set()
    modules = {file.stem for file in (checkout / "ontology").glob("*.ttl")}
    assert documented - PROBLEMS.keys() - modules == set()
