"""The plan of one triples map's terms: a single scan, one row per source row, one column per term map.

Columns are computed in two steps, texts and then terms, so that no expression is written out twice; constants
have no column. Where a value fits no term its term is NULL, and the value stands in a fault's own column.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

import ibis

from emkg.mapping.collection import Entries, with_collections
from emkg.mapping.expression import Scope, evaluate, references
from emkg.mapping.ingredient import Ingredients, gather
from emkg.mapping.model import Constant, TermMap
from emkg.mapping.place import Place
from emkg.mapping.term import TermContext, constant_term, make_term
from emkg.mapping.value import Fault, Site, Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import ibis.expr.types as ir

    from emkg.mapping.demand import Demand
    from emkg.mapping.model import Expression
    from emkg.sources import SourceRelation


@dataclass(frozen=True)
class FaultColumn:
    """A column of withheld values and the site that withheld them."""

    site: Site
    place: Place


@dataclass(frozen=True)
class Terms:
    """The terms of one triples map: a table, and where each term map and key is in it."""

    table: ir.Table
    term_maps: Mapping[TermMap, Place]
    keys: Mapping[Expression, Place]
    faults: tuple[FaultColumn, ...]
    entries: Mapping[TermMap, Entries]


def compile_terms(demand: Demand, relation: SourceRelation, context: TermContext) -> Terms:
    """The plan of all terms and keys that are demanded of a source.

    Raises:
        MappingError: A term map cannot be compiled: a bad language tag, template or function call.
    """
    source = Scope(relation.table, relation)
    gathered = {
        term_map: gather(term_map, source) for term_map in demand.term_maps if not term_map.is_constant
    }
    keys = {key: evaluate(key, source) for key in demand.keys}
    texts = _Columns("text")
    bound = {term_map: _bind(ingredients, texts) for term_map, ingredients in gathered.items()}
    bound_keys = {key: texts.add(value) for key, value in keys.items()}
    early = [
        *_faults_of(gathered),
        *(one for value in keys.values() for one in value.faults),
        *_empty_keys(demand, source),
    ]
    early_columns = [texts.add_fault(one) for one in early]
    kept = {name: relation.table[name] for name in ("row", *_source_columns(relation))}
    step = relation.table.select(**kept, **texts.expressions)
    scope = Scope(step, relation)

    columns = _Columns("term")
    places: dict[TermMap, Place] = {
        term_map: Place(constant_term(term_map.expression.term, context))
        for term_map in demand.term_maps
        if term_map.is_constant and isinstance(term_map.expression, Constant)
    }
    faults: list[FaultColumn] = []
    for term_map, ingredients in bound.items():
        term = make_term(term_map, _resolve(ingredients, scope), scope, context)
        places[term_map] = columns.add(term)
        faults += [FaultColumn(one.site, columns.add_fault(one)) for one in term.faults]
    passed = {place.column: step[place.column] for place in (*bound_keys.values(), *early_columns)}
    table = step.select(row=step["row"], **columns.expressions, **passed)
    faults += [FaultColumn(one.site, place) for one, place in zip(early, early_columns, strict=True)]
    made = with_collections(table, places, demand.gather_maps, demand.same_row_subjects, context)
    return Terms(made.table, made.places, bound_keys, tuple(faults), made.entries)


class _Columns:
    """Named expressions of one step, in the order they were added."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self.expressions: dict[str, ir.Value] = {}

    def add(self, value: Value) -> Place:
        name = f"emkg_{self._prefix}_{len(self.expressions)}"
        self.expressions[name] = value.expr
        return Place(column=name, many=value.many)

    def add_fault(self, fault: Fault) -> Place:
        return self.add(Value(fault.value, many=fault.many))


@dataclass(frozen=True)
class _Bound:
    """Ingredients whose texts have become columns."""

    ingredients: Ingredients
    places: Mapping[str, Place]


def _bind(ingredients: Ingredients, columns: _Columns) -> _Bound:
    return _Bound(ingredients, {name: columns.add(value) for name, value in ingredients.named().items()})


def _resolve(bound: _Bound, scope: Scope) -> Ingredients:
    values = {
        name: replace(
            value,
            expr=scope.table[bound.places[name].column],
            cell=None if value.cell is None else scope.value(value.column).cell,
            faults=(),
        )
        for name, value in bound.ingredients.named().items()
    }
    return Ingredients(**values)


def _source_columns(relation: SourceRelation) -> Sequence[str]:
    iteration = [relation.iteration] if relation.iteration else []
    return tuple(dict.fromkeys((*relation.columns.values(), *relation.type_columns.values(), *iteration)))


def _faults_of(gathered: Mapping[TermMap, Ingredients]) -> list[Fault]:
    return [
        one
        for ingredients in gathered.values()
        for value in ingredients.named().values()
        for one in value.faults
    ]


def _empty_keys(demand: Demand, scope: Scope) -> list[Fault]:
    """A row that has values and no subject to say them of: its first empty key is named.

    No fault: a row whose values are all empty too (an optional part of a wide table), and values that another
    triples map says of a subject of its own.
    """
    subject = demand.triples_map.subject
    keys = list(dict.fromkeys(references(subject.expression)))
    others = [text for text in demand.own_references if text not in keys] or keys
    is_lost = reduce(or_, (_is_lost(text, demand, scope) for text in others), ibis.literal(False))
    faults = []
    for index, key in enumerate(keys):
        earlier = [~_is_missing(text, scope) for text in keys[:index]]
        is_first = reduce(and_, earlier, _is_missing(key, scope))
        value = ibis.ifelse(is_first & is_lost, ibis.literal(""), ibis.null("string"))
        faults.append(Fault(Site("empty-key", key, "", subject.location), value))
    return faults


def _is_lost(reference: str, demand: Demand, scope: Scope) -> ir.BooleanValue:
    """There is a value, and no other triples map that uses it has a subject on this row."""
    unsaid = [
        reduce(or_, (_is_missing(key, scope) for key in keys), ibis.literal(False))
        for keys in demand.rescuers.get(reference, ())
    ]
    return reduce(and_, unsaid, ~_is_missing(reference, scope))


def _is_missing(reference: str, scope: Scope) -> ir.BooleanValue:
    value = scope.value(reference)
    return value.expr.isnull() | (value.expr.length() == 0) if value.many else value.expr.isnull()
