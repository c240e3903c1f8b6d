"""Answers: rows of typed values, and notes that say what the rows cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeAlias

from emkg.rdf import IRI, BlankNode, Literal, Term
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Callable

    from emkg.query.question import Text

Value: TypeAlias = "IRI | str | bool | int | Decimal | date | tuple[Value, ...] | Mapping[str, Value] | None"
Row: TypeAlias = "Mapping[str, Value]"
Json: TypeAlias = "str | bool | int | float | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True)
class Note:
    """What a reader of the answer must know.

    Attributes:
        code: A slug, for machines: `version-not-held`, `no-duty-for-the-type`, `open-office`, …
        text: The same in words.
        subjects: What the note is about.
    """

    code: str
    text: Text
    subjects: tuple[IRI, ...] = ()


@dataclass(frozen=True)
class Answer:
    """The answer to a named question.

    Attributes:
        question: The question's name.
        parameters: Every parameter as it was taken, defaults and what the event gave included.
        as_of: The date asked about.
        generation: The ledger's generation it was computed on.
        columns: Names of the rows' values, in order.
        rows: The answer; a value that is not known is None.
        notes: What the rows cannot say.
    """

    question: str
    parameters: Mapping[str, tuple[str, ...]]
    as_of: date
    generation: int
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[Note, ...] = ()

    def document(self) -> dict[str, Json]:
        """The answer as JSON: IRIs and dates as strings, decimals as numbers."""
        return {
            "question": self.question,
            "parameters": {name: list(values) for name, values in self.parameters.items()},
            "as_of": self.as_of.isoformat(),
            "generation": self.generation,
            "columns": list(self.columns),
            "rows": [{name: to_json(row.get(name)) for name in self.columns} for row in self.rows],
            "notes": [
                {
                    "code": note.code,
                    "zh": note.text.zh,
                    "en": note.text.en,
                    "subjects": [subject.value for subject in note.subjects],
                }
                for note in self.notes
            ],
        }


def to_value(term: Term | None) -> Value:
    """A term as a Python value; a literal that is not of its datatype's form stays text."""
    match term:
        case None | IRI():
            return term
        case BlankNode():
            return str(term)
        case Literal():
            try:
                return _LITERALS.get(term.datatype, str)(term.value)
            except ValueError:
                return term.value


def to_json(value: Value) -> Json:
    """A value as JSON has it."""
    match value:
        case IRI():
            return value.value
        case date():
            return value.isoformat()
        case Decimal():
            return float(value)
        case tuple():
            return [to_json(part) for part in value]
        case Mapping():
            return {name: to_json(part) for name, part in value.items()}
        case _:
            return value


def _boolean(text: str) -> bool:
    if text not in {"true", "false", "1", "0"}:
        raise ValueError(text)
    return text in {"true", "1"}


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError:
        raise ValueError(text) from None


_LITERALS: Final[dict[str, Callable[[str], Value]]] = {
    XSD + "boolean": _boolean,
    XSD + "integer": int,
    XSD + "decimal": _decimal,
    XSD + "date": date.fromisoformat,
    XSD + "dateTime": datetime.fromisoformat,
}
