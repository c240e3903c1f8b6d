"""SHACL-SPARQL: constraints and constraint components written as queries, and targets of the advanced features."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.plan.sql import NotCompiled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.plan import algebra as a
    from emkg.plan.pattern import Variable
    from emkg.validation.check import Check, Focus, Fresh
    from emkg.validation.shape import Shape, Shapes


def sparql_checks(shape: Shape, focus: Focus, shapes: Shapes, fresh: Fresh) -> Iterator[Check]:
    """The checks of a shape's SPARQL constraints."""
    del focus, shapes, fresh
    if shape.all("sparql"):
        raise NotCompiled("sh:sparql")
    yield from ()


def sparql_targets(shape: Shape, node: Variable, shapes: Shapes) -> Iterator[a.Algebra]:
    """The focus nodes that a shape's SPARQL targets select."""
    del node, shapes
    if shape.all("target"):
        raise NotCompiled("sh:target")
    yield from ()
