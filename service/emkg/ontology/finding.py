"""What is wrong with a module, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emkg.errors import Location

OWL_2_DL: Final = "OWL 2 DL"
OWL_2_RL: Final = "OWL 2 RL"
PROBLEMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "contradiction": "",
        "duplicate-alignment": "",
        "forbidden-punning": OWL_2_DL,
        "inconsistent": "",
        "literal-of-object-property": OWL_2_DL,
        "missing-definition": "",
        "missing-label": "",
        "missing-module": "",
        "no-alignment": "",
        "not-simple": OWL_2_DL,
        "orphan-term": "",
        "outside-rl": OWL_2_RL,
        "resource-of-datatype-property": OWL_2_DL,
        "undeclared-class": OWL_2_DL,
        "undeclared-code": "",
        "undeclared-property": OWL_2_DL,
        "undeclared-term": "",
        "unknown-name": OWL_2_DL,
        "unsatisfiable-class": "",
        "wrong-module": "",
        "wrong-range": OWL_2_DL,
    }
)
"""Every kind of finding, with the profile that an ontology with one is outside of."""


@dataclass(frozen=True)
class OntologyFinding:
    """One thing wrong with a module.

    Attributes:
        location: The file, and the line where one is known; None for what is wrong with the whole.
        iri: The term at fault; empty where it has no name.
        problem: A slug for machines, one of `PROBLEMS`.
        message: What is wrong, in English.
        message_zh: The same in Chinese.
    """

    location: Location | None
    iri: str
    problem: str
    message: str
    message_zh: str

    def __post_init__(self) -> None:
        """A slug is spelled once, in `PROBLEMS`, which the guide explains."""
        if self.problem not in PROBLEMS:
            raise ValueError(self.problem)

    @property
    def profile(self) -> str:
        """The OWL profile that this keeps the modules out of; empty for none."""
        return PROBLEMS[self.problem]

    def __str__(self) -> str:
        """`file:line:column: message`, as a compiler would print it."""
        return f"{self.location}: {self.message}" if self.location else self.message

    @property
    def order(self) -> tuple[str, int, str, str]:
        """What findings are sorted by: file, line, term, problem."""
        place = self.location
        return (place.file if place else "", (place.line if place else None) or 0, self.iri, self.problem)
