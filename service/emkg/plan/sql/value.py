"""What an expression yields: an RDF term as SQL, one expression for each column of the ledger's `term`.

`kind` NULL is SPARQL's error, or an unbound variable; every other column is NULL then too. A column is also NULL where
the term has no such value (`number` of a string, `datatype` of an IRI). `language` is '' for a literal without one.
Expressions are handed over to be read, never changed: whoever puts one into a tree takes `.copy()`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sqlglot import exp

from emkg.ledger import CATALOGUE
from emkg.plan.sql.column import cast

if TYPE_CHECKING:
    from collections.abc import Iterator

BLANK_NODE: Final = 0
RESOURCE: Final = 1  # an IRI
LITERAL: Final = 2


def call(name: str, *arguments: exp.Expression) -> exp.Expression:
    """A call of one of the ledger's own SQL functions (`emkg.ledger.macro`)."""
    function = exp.Anonymous(this=name, expressions=[argument.copy() for argument in arguments])
    return exp.Dot(this=exp.to_identifier(CATALOGUE), expression=function)


def null_of(kind: str) -> exp.Expression:
    """NULL of a type: without one it is an integer to DuckDB, and no function of texts takes it."""
    return cast(exp.Null(), kind)


class Value(ABC):
    """A term as SQL. Asking a variable's value for more than its `id` joins the terms; so ask for what is needed."""

    @property
    def is_resource(self) -> bool:
        """Whether it is no literal for certain, where it is bound."""
        return False

    @property
    @abstractmethod
    def id(self) -> exp.Expression:
        """UBIGINT: the term's hash."""

    @property
    @abstractmethod
    def kind(self) -> exp.Expression:
        """UTINYINT: `BLANK_NODE`, `RESOURCE` or `LITERAL`."""

    @property
    @abstractmethod
    def lexical(self) -> exp.Expression:
        """VARCHAR: the label, the IRI or the lexical form."""

    @property
    @abstractmethod
    def datatype(self) -> exp.Expression:
        """VARCHAR: a literal's datatype IRI."""

    @property
    @abstractmethod
    def language(self) -> exp.Expression:
        """VARCHAR: a literal's language tag, '' for none."""

    @property
    @abstractmethod
    def number(self) -> exp.Expression:
        """DOUBLE: the value of a well-formed numeric literal."""

    @property
    @abstractmethod
    def exact(self) -> exp.Expression:
        """DECIMAL(38, 10): the value of an integer or decimal where that holds it exactly."""

    @property
    @abstractmethod
    def instant(self) -> exp.Expression:
        """TIMESTAMP: the value of a well-formed xsd:dateTime or xsd:date, in UTC where it has a zone."""

    @property
    @abstractmethod
    def has_zone(self) -> exp.Expression:
        """BOOLEAN: whether a date or dateTime states its zone."""

    @property
    @abstractmethod
    def truth(self) -> exp.Expression:
        """BOOLEAN: the value of a well-formed xsd:boolean."""


@dataclass(frozen=True)
class Computed(Value):
    """A term that the query makes: its four parts; what is not given beside them follows from them."""

    kind_sql: exp.Expression
    lexical_sql: exp.Expression
    datatype_sql: exp.Expression = field(default_factory=lambda: null_of("VARCHAR"))
    language_sql: exp.Expression = field(default_factory=lambda: null_of("VARCHAR"))
    id_sql: exp.Expression | None = None
    number_sql: exp.Expression | None = None
    exact_sql: exp.Expression | None = None
    instant_sql: exp.Expression | None = None
    has_zone_sql: exp.Expression | None = None
    truth_sql: exp.Expression | None = None

    @property
    def id(self) -> exp.Expression:
        """UBIGINT; computed from the text where it is not given."""
        return self.id_sql or call("id_of", self.text)

    @property
    def text(self) -> exp.Expression:
        """VARCHAR: the N-Triples form."""
        return call("text_of", self.kind_sql, self.lexical_sql, self.datatype_sql, self.language_sql)

    @property
    def kind(self) -> exp.Expression:
        """UTINYINT."""
        return self.kind_sql

    @property
    def lexical(self) -> exp.Expression:
        """VARCHAR."""
        return self.lexical_sql

    @property
    def datatype(self) -> exp.Expression:
        """VARCHAR."""
        return self.datatype_sql

    @property
    def language(self) -> exp.Expression:
        """VARCHAR."""
        return self.language_sql

    @property
    def number(self) -> exp.Expression:
        """DOUBLE."""
        return self.number_sql or self._of("number_of")

    @property
    def exact(self) -> exp.Expression:
        """DECIMAL(38, 10)."""
        return self.exact_sql or self._of("exact_of")

    @property
    def instant(self) -> exp.Expression:
        """TIMESTAMP."""
        return self.instant_sql or self._of("instant_of")

    @property
    def has_zone(self) -> exp.Expression:
        """BOOLEAN."""
        return self.has_zone_sql or self._of("has_zone_of")

    @property
    def truth(self) -> exp.Expression:
        """BOOLEAN."""
        return self.truth_sql or self._of("truth_of")

    def columns(self) -> Iterator[tuple[str, exp.Expression]]:
        """The expressions that this was made of, with the names of their fields."""
        for name in self.__dataclass_fields__:
            expression = getattr(self, name)
            if expression is not None:
                yield name, expression

    def _of(self, function: str) -> exp.Expression:
        return call(function, self.lexical_sql, self.datatype_sql)
