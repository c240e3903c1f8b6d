"""Common table expressions in one list: DuckDB binds those within others anew at each level, three times the work each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Iterator


def with_one_list(query: exp.Select) -> exp.Select:
    """The query with what it shares at its head, each after those that it reads; what walks itself stays where it is.

    A name means one thing in a plan, and a query in FROM reads no column of one around it, so it may stand there.
    """
    found: dict[str, exp.CTE] = {}
    for shared in _taken(query):
        found.setdefault(shared.alias, shared)  # a relation may have been written twice
    if found:
        query.set("with_", exp.With(expressions=[*found.values()]))
    return query


def _taken(node: exp.Expression | None) -> Iterator[exp.CTE]:
    """What a query and those in its FROM share, taken off them, in an order in which it can be defined."""
    match node:
        case exp.Select():
            given = node.args.get("with_")
            if given is not None and not given.args.get("recursive"):
                node.set("with_", None)
                for shared in given.expressions:
                    yield from _taken(shared.this)
                    yield shared
            yield from _taken(node.args.get("from_"))
            for joined in node.args.get("joins") or ():
                yield from _taken(joined)
        case exp.Union():
            yield from _taken(node.left)
            yield from _taken(node.right)
        case exp.From() | exp.Join() | exp.Subquery():
            yield from _taken(node.this)
        case _:
            return
