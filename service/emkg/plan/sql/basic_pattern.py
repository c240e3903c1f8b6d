"""Basic graph patterns: the solutions of triple and path patterns together, at once or one pattern after the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from emkg.plan.sql.column import with_shared
from emkg.plan.sql.context import Few
from emkg.plan.sql.estimate import cheapest, size_of, variables_in
from emkg.plan.sql.scans import Scans
from emkg.plan.sql.source import EachGraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlglot import exp

    from emkg.plan.sql.context import Context
    from emkg.plan.sql.estimate import TripleOrPath
    from emkg.plan.sql.relation import Relation
    from emkg.plan.sql.source import Source

MOST_FEW: Final = 1000
_MANY: Final = 4


def basic_pattern(triples: Sequence[TripleOrPath], context: Context) -> Relation:
    """The solutions of triple and path patterns that all must hold in the active graph."""
    if not triples:
        return context.unit()
    steps = None if isinstance(context.graph, EachGraph) else _first_steps(triples, context)
    return context.within(_stepwise(*steps, context) if steps else _at_once(triples, context))


def _first_steps(
    triples: Sequence[TripleOrPath], context: Context
) -> tuple[Sequence[TripleOrPath], Few, exp.Select] | None:
    """Few solutions to begin with, what they are, and the patterns that are left: those given, or the rarest pattern's."""
    few = context.few
    if few is not None:
        keys = few.keys(variables_in(triples))
        if keys is None:
            return None
        return triples, Few(context.names.new("keys"), keys.bindings, few.size), keys.query
    if len(triples) < _MANY or context.outside:
        return None
    first = cheapest(triples, (), context.source)
    size = size_of([first], context.source)
    if size is None or size > MOST_FEW:
        return None
    scans = Scans(context)
    scans.add([first])
    found = scans.relation()
    rest = [one for one in triples if one is not first]
    return rest, Few(context.names.new("step"), found.bindings, size), found.query


def _at_once(triples: Sequence[TripleOrPath], context: Context) -> Relation:
    """One SELECT; DuckDB orders its joins."""
    scans = Scans(context)
    scans.add(triples)
    return replace(scans.relation(), size=size_of(triples, context.source))


def _stepwise(triples: Sequence[TripleOrPath], known: Few, query: exp.Select, context: Context) -> Relation:
    """Those that extend few solutions: a SELECT for each pattern as long as they stay few, each on the one before.

    In one SELECT, DuckDB would join the patterns first: what the left side of a left join binds, it does not carry over,
    and of many joins it orders those of a rare start by chance, because it knows nothing of single predicates.
    """
    steps = [(known.name, query)]
    waiting = triples
    while True:
        taken = _next(waiting, known, context.source)
        waiting = [one for one in waiting if one not in taken]
        scans = Scans(context, known)
        scans.add(taken)
        found = scans.relation()
        size = size_of(taken, context.source, known.bindings, known.size)
        if size is None or not waiting:
            break
        known = Few(context.names.new("step"), found.bindings, size)
        steps.append((known.name, found.query))
    query = found.query
    for name, step in steps:
        query = with_shared(query, name, step)
    return replace(found, query=query, size=size)


def _next(waiting: Sequence[TripleOrPath], known: Few, source: Source) -> Sequence[TripleOrPath]:
    """The pattern that finds the fewest solutions, if they stay few; else all that are left."""
    linked = [one for one in waiting if known.bindings.keys() & variables_in([one])]
    if not linked:
        return waiting
    one = cheapest(linked, known.bindings, source)
    size = size_of([one], source, known.bindings, known.size)
    return waiting if size is None or size > MOST_FEW else [one]
