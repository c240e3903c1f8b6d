"""Named questions: `.rq` files whose header comment says what they are, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from emkg.query.parameter import PARAMETER_TYPES, Parameter

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Text:
    """A text in Chinese and English."""

    zh: str
    en: str


@dataclass(frozen=True)
class Column:
    """A column of the answer."""

    name: str
    description: Text


@dataclass(frozen=True)
class Question:
    """A named question.

    Attributes:
        name: The file's name without its suffix.
        title: A few words.
        description: What the answer says, and what it leaves out.
        parameters: What can be given.
        requires: Sets of parameters of which one must be given in full; empty where none must.
        columns: What each row of the answer holds.
        table: The columns that a terminal shows, with their heads; a name that ends in `_label`, or `paraphrase`,
            stands for the text in the reader's language. Empty where the header names none.
        text: The SPARQL query, header included; valid as it stands.
    """

    name: str
    title: Text
    description: Text
    parameters: tuple[Parameter, ...]
    requires: tuple[tuple[str, ...], ...]
    columns: tuple[Column, ...]
    table: tuple[Column, ...]
    text: str

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of this name."""
        return next((parameter for parameter in self.parameters if parameter.name == name), None)


def parse_question(name: str, text: str) -> Question:
    """Read a question from the text of its file.

    Raises:
        ValueError: The header is missing or wrong; these files are part of the program.
    """
    header = yaml.safe_load(_header(text))
    try:
        return Question(
            name=name,
            title=_text(header["title"]),
            description=_text(header["description"]),
            parameters=tuple(_parameter(key, value) for key, value in header.get("parameters", {}).items()),
            requires=tuple(tuple(group) for group in header.get("requires", ())),
            columns=tuple(Column(key, _text(value)) for key, value in header["columns"].items()),
            table=tuple(Column(name, Text(zh, en)) for name, zh, en in header.get("table", ())),
            text=text,
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"{name}.rq: the header lacks or misstates {error}") from error


def _header(text: str) -> str:
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.removeprefix("#").removeprefix(" "))
    return "\n".join(lines)


def _text(value: Mapping[str, str]) -> Text:
    return Text(value["zh"].strip(), value["en"].strip())


def _parameter(name: str, value: Mapping[str, Any]) -> Parameter:
    if value["type"] not in PARAMETER_TYPES:
        raise KeyError(f"a parameter type {value['type']!r}")
    return Parameter(
        name=name,
        type=value["type"],
        zh=value["zh"],
        en=value["en"],
        many=value.get("many", False),
        default=value.get("default"),
        variables=tuple(value.get("variables", [value.get("variable", name)])),
    )
