"""What is wrong with a module, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emkg.errors import Location


@dataclass(frozen=True)
class OntologyFinding:
    """One thing wrong with a module.

    Attributes:
        location: The file, and the line where one is known; None for what is wrong with the whole.
        iri: The term at fault; empty where it has no name.
        problem: A slug for machines.
        message: What is wrong, in English.
        message_zh: The same in Chinese.
    """

    location: Location | None
    iri: str
    problem: str
    message: str
    message_zh: str

    def __str__(self) -> str:
        """`file:line:column: message`, as a compiler would print it."""
        return f"{self.location}: {self.message}" if self.location else self.message

    @property
    def order(self) -> tuple[str, int, str, str]:
        """What findings are sorted by: file, line, term, problem."""
        place = self.location
        return (place.file if place else "", (place.line if place else None) or 0, self.iri, self.problem)
