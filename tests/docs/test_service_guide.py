"""The guides name every route, question, note and format."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from emkg.api import Service, create_app
from emkg.plan import ResultFormat
from emkg.query import questions

if TYPE_CHECKING:
    from pathlib import Path


class NoEvaluator:
    """An evaluator that nobody asks."""

    generation = 0


def test_every_route_is_in_the_guide_and_no_other(checkout: Path) -> None:
    text = (checkout / "docs" / "guide" / "service.md").read_text(encoding="utf-8")
    app = create_app(Service(NoEvaluator()))  # type: ignore[arg-type]  # only its routes are looked at

    documented = set(re.findall(r"`(?:GET|POST) (/[^`]*)`", text)) - {"/docs", "/openapi.json"}

    assert documented == set(app.openapi()["paths"])


def test_every_format_is_in_the_guide(checkout: Path) -> None:
    text = (checkout / "docs" / "guide" / "service.md").read_text(encoding="utf-8")

    assert all(f"`{each.value}`" in text for each in ResultFormat)


def test_every_question_and_parameter_type_is_in_the_guide(checkout: Path) -> None:
    text = (checkout / "docs" / "guide" / "questions.md").read_text(encoding="utf-8")

    assert all(f"| `{question.name}` |" in text for question in questions())
    types = {parameter.type for question in questions() for parameter in question.parameters}
    assert all(f"`{each}`" in text for each in types)


def test_every_note_is_in_the_guide(checkout: Path) -> None:
    text = (checkout / "docs" / "guide" / "questions.md").read_text(encoding="utf-8")
    sources = "".join(
        file.read_text(encoding="utf-8") for file in (checkout / "service/emkg/query").glob("*.py")
    )

    codes = set(re.findall(r'Note\(\s*"([a-z-]+)"', sources))

    assert len(codes) == 9
    assert all(f"`{code}`" in text for code in codes)
