"""What a term is made of, gathered over a source's columns before any term is built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emkg.mapping.expression import evaluate
from emkg.mapping.model import Constant, Reference, TermMap, TermType
from emkg.mapping.value import Value, guarded

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from emkg.mapping.expression import Scope


@dataclass(frozen=True)
class Ingredients:
    """A term's text, and what the data says of a literal.

    Attributes:
        text: The text; where it is an array with a natural datatype for each element, an array of both.
        language: The tag of a language map.
        natural: The natural datatype of each row's text.
        datatype: What a datatype map gives.
    """

    text: Value
    language: Value | None = None
    natural: Value | None = None
    datatype: Value | None = None

    def named(self) -> dict[str, Value]:
        """The ingredients that are there, by the name of their attribute."""
        named = {
            "text": self.text,
            "language": self.language,
            "natural": self.natural,
            "datatype": self.datatype,
        }
        return {name: value for name, value in named.items() if value is not None}


def gather(term_map: TermMap, scope: Scope) -> Ingredients:
    """The term map's ingredients over the source's columns; nothing where its condition does not hold."""
    found = _gather(term_map, scope)
    if term_map.condition is None:
        return found
    condition = evaluate(term_map.condition, scope)
    return Ingredients(**{name: guarded(value, condition) for name, value in found.named().items()})


def _gather(term_map: TermMap, scope: Scope) -> Ingredients:
    text = _evaluate(term_map, scope)
    if term_map.term_type is not TermType.LITERAL:
        return Ingredients(text)
    if term_map.language is not None and not isinstance(term_map.language, Constant):
        return Ingredients(text, language=evaluate(term_map.language, scope))
    if term_map.datatype_map is not None:
        return Ingredients(text, datatype=_evaluate(term_map.datatype_map, scope))
    column = natural_column(term_map, scope)
    if column is None:
        return Ingredients(text)
    if text.many:
        return Ingredients(Value(text.expr.zip(column), many=True, column=text.column))
    return Ingredients(text, natural=Value(column))


def natural_column(term_map: TermMap, scope: Scope) -> ir.Value | None:
    """The column of natural datatypes, if the source has one and the mapping says nothing else."""
    expression = term_map.expression
    says_so = term_map.datatype or term_map.datatype_map or term_map.language
    if says_so or not isinstance(expression, Reference):
        return None
    name = scope.relation.type_columns.get(expression.text)
    return None if name is None else scope.table[name]


def _evaluate(term_map: TermMap, scope: Scope) -> Value:
    encode = term_map.term_type in (TermType.IRI, TermType.URI)
    return evaluate(term_map.expression, scope, encode=encode)
