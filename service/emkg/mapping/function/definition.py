"""Mapping functions: what each takes and promises, and how a call becomes an expression.

The table of them is `table.FUNCTIONS`; a function's IRI is its namespace and its name, its parameters' IRIs are
`emf:` and theirs unless they say otherwise (https://w3id.org/rml/fnml/spec).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from emkg.vocabulary import FUNCTION, XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import ibis.expr.types as ir

    from emkg.errors import Location


@dataclass(frozen=True)
class Parameter:
    """A named argument.

    Attributes:
        name: The local name in `emf:`, and what `Constants` calls it.
        summary: What it means.
        summary_zh: The same in Chinese.
        is_constant: It must be the same for every row, because the plan depends on it.
        is_required: A call without it is wrong.
        other_iris: The IRIs of a parameter that is not in `emf:`; any of them may be written.
    """

    name: str
    summary: str
    summary_zh: str
    is_constant: bool = False
    is_required: bool = True
    other_iris: tuple[str, ...] = ()

    @property
    def iris(self) -> tuple[str, ...]:
        """What a mapping may call it; the first is the one to recommend."""
        return self.other_iris or (FUNCTION + self.name,)


@dataclass(frozen=True)
class Output:
    """What a function returns: its IRI, as in rml:return, and the natural datatype of a literal made of it."""

    iri: str
    datatype: str = XSD + "string"


RESULT: Final = Output(FUNCTION + "result")


@dataclass(frozen=True)
class Check:
    """When the argument at `culprit` is to blame, and why; `is_bad` sees all arguments of a combination."""

    culprit: int
    reason: str
    expected: str
    is_bad: Callable[..., ir.BooleanValue]


@dataclass(frozen=True)
class Body:
    """A function with its constants filled in: `apply` takes the values that change from row to row.

    A NULL argument gives NULL without a fault; `gives_many` says that `apply` returns an array.
    """

    apply: Callable[..., ir.Value]
    checks: tuple[Check, ...] = ()
    gives_many: bool = False


@dataclass(frozen=True)
class Constants:
    """The constant arguments of one call, and where it stands."""

    values: Mapping[str, str]
    directory: Path
    location: Location

    def get(self, name: str, default: str = "") -> str:
        """The argument's text, or the default where the call leaves it out."""
        return self.values.get(name, default)


@dataclass(frozen=True)
class Function:
    """One function of the table; `prepare` runs once per call in a mapping, `Body.apply` makes the expression."""

    name: str
    parameters: tuple[Parameter, ...]
    summary: str
    summary_zh: str
    prepare: Callable[[Constants], Body]
    namespace: str = FUNCTION
    outputs: tuple[Output, ...] = (RESULT,)

    @property
    def iri(self) -> str:
        """What a mapping calls it."""
        return self.namespace + self.name
