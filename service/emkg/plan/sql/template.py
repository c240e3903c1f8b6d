"""SQL written as SQL: a text with named holes, parsed once, filled with expressions."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Mapping


def sql(text: str, **holes: exp.Expression | str | float) -> exp.Expression:
    """The expression that a text stands for, with `:name` replaced by what is given for it; texts become strings."""
    filled: Mapping[str, exp.Expression] = {name: _expression(value) for name, value in holes.items()}
    tree = _parsed(text).copy()
    if isinstance(tree, exp.Placeholder):
        return filled[tree.name].copy()
    for hole in list(tree.find_all(exp.Placeholder)):
        hole.replace(_grouped(filled[hole.name]))
    return tree


@cache
def _parsed(text: str) -> exp.Expression:
    return sqlglot.parse_one(text, dialect="duckdb")


def _expression(value: exp.Expression | str | float) -> exp.Expression:
    return value if isinstance(value, exp.Expression) else exp.convert(value)


def _grouped(expression: exp.Expression) -> exp.Expression:
    is_open = isinstance(expression, exp.Binary | exp.Connector | exp.Not | exp.Unary)
    return exp.Paren(this=expression.copy()) if is_open else expression.copy()
