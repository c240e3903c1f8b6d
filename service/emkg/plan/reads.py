"""What a pattern reads, seen from one of its variables: from a changed statement back to the solutions it can change.

A statement can change the solutions that have a node for the variable only where the pattern leads from that node to
the statement, link by link; of the links on the way the first that changed is read itself, so that it is enough to
follow ways in the state after the change.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from emkg.plan import algebra as a
from emkg.plan.algebra_walk import exists_in, expressions_of, parts_of
from emkg.plan.path import (
    Alternative,
    Inverse,
    Link,
    NegatedSet,
    Path,
    PathPattern,
    Repeated,
    Repetition,
    Sequence,
)
from emkg.plan.pattern import TriplePattern, Variable
from emkg.rdf import IRI

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from emkg.plan.pattern import Slot

Way: TypeAlias = "Path | None"
"""From the node to an end of a statement; None where it is that end."""
_Known: TypeAlias = "Mapping[Variable, Way]"


@dataclass(frozen=True, slots=True)
class Read:
    """Statements of a predicate (of any for None) at whose subject, or object, a way ends."""

    way: Way
    predicate: IRI | None
    is_subject: bool


@dataclass
class Reads:
    """What a pattern reads.

    Attributes:
        near: What ways lead to.
        far: The predicates of statements that it reads wherever they are; None stands for any.
    """

    near: set[Read] = field(default_factory=set)
    far: set[IRI | None] = field(default_factory=set)


def reads_of(pattern: a.Algebra, variable: Variable, *, fixed: frozenset[IRI] = frozenset()) -> Reads:
    """What the solutions of a pattern depend on for each node that a variable stands for.

    Args:
        pattern: The pattern. Variables of one name in different scopes have to be the same where one is projected.
        variable: Bound by every solution.
        fixed: Named graphs that never change; other ones count as read wherever they are.
    """
    reader = _Reader(fixed)
    reader.read(pattern, {variable: None})
    return reader.found


class _Reader:
    def __init__(self, fixed: frozenset[IRI]) -> None:
        self._fixed = fixed
        self.found = Reads()

    def read(self, pattern: a.Algebra, known: _Known) -> _Known:  # noqa: C901, PLR0911, PLR0912 - one for each operator
        """Note what a pattern reads; the ways to the variables that its solutions bind."""
        match pattern:
            case a.BasicPattern():
                return self._basic(pattern, known)
            case a.Join() | a.ForEach():
                first, second = parts_of(pattern)
                return self.read(second, self.read(first, known))
            case a.LeftJoin():
                found = self.read(pattern.left, known)
                self._conditions(pattern, self.read(pattern.right, found))
                return found
            case a.Minus():
                found = self.read(pattern.left, known)
                self.read(pattern.right, found)
                return found
            case a.Union():
                left, right = self.read(pattern.left, known), self.read(pattern.right, known)
                return {one: way for one, way in left.items() if one in right and right[one] == way}
            case a.Filter():
                found = self.read(pattern.pattern, known)
                self._conditions(pattern, found)
                return found
            case a.Extend():
                return self._extended(pattern, known)
            case a.Project():
                return self._within(pattern.pattern, pattern.variables, known)
            case a.Group():
                return self._within(pattern.pattern, pattern.keys, known)
            case a.Distinct() | a.Reduced():
                return self.read(pattern.pattern, known)
            case a.Values() | a.Given():
                return known
            case a.GraphPattern(name, _) if name in self._fixed:
                return known
            case _:
                self._everywhere(pattern)
                return known

    def _within(self, pattern: a.Algebra, shown: tuple[Variable, ...], known: _Known) -> _Known:
        """A scope of its own, which shows some variables; those that no query can name are the same everywhere."""
        inner = {one: way for one, way in known.items() if one in shown or one.name.startswith(".")}
        found = self.read(pattern, inner)
        return {**known, **{one: way for one, way in found.items() if one in shown}}

    def _extended(self, pattern: a.Extend, known: _Known) -> _Known:
        found = self.read(pattern.pattern, known)
        self._conditions(pattern, found)
        if isinstance(pattern.expression, Variable) and pattern.expression in found:
            return {pattern.variable: found[pattern.expression], **found}
        if isinstance(pattern.expression, Variable) and pattern.variable in found:  # the other way round
            return {pattern.expression: found[pattern.variable], **found}
        return found

    def _conditions(self, pattern: a.Algebra, known: _Known) -> None:
        for expression in expressions_of(pattern):
            for inner in exists_in(expression):
                self.read(inner, known)

    def _basic(self, pattern: a.BasicPattern, known: _Known) -> _Known:
        """The triples that known variables lead to, and so on; what nothing leads to is read wherever it is."""
        ways = dict(known)
        waiting = list(pattern.triples)
        while waiting:
            reached = next((one for one in waiting if one.subject in ways or one.object in ways), None)
            if reached is None:
                for one in waiting:
                    self._everywhere(a.BasicPattern((one,)))
                break
            waiting.remove(reached)
            self._triple(reached, ways)
        return ways

    def _triple(self, triple: TriplePattern | PathPattern, ways: dict[Variable, Way]) -> None:
        path = _path_of(triple)
        subject, target = triple.subject, triple.object
        if isinstance(subject, Variable) and subject in ways:
            start, end = ways[subject], target
        else:
            assert isinstance(target, Variable)  # noqa: S101 - a way leads to one of the two
            start, end, path = ways[target], subject, Inverse(path)
        self.found.near.update(_links(start, path))
        if isinstance(end, Variable) and end not in ways:
            ways[end] = _along(start, path)

    def _everywhere(self, pattern: a.Algebra) -> None:
        """All that a pattern reads, without asking what leads there."""
        if isinstance(pattern, a.BasicPattern):
            for triple in pattern.triples:
                self.found.far.update(read.predicate for read in _links(None, _path_of(triple)))
        elif isinstance(pattern, a.Service):
            self.found.far.add(None)
        for part in parts_of(pattern):
            self._everywhere(part)
        for expression in expressions_of(pattern):
            for inner in exists_in(expression):
                self._everywhere(inner)


def _path_of(triple: TriplePattern | PathPattern) -> Path:
    if isinstance(triple, PathPattern):
        return triple.path
    return _link(triple.predicate)


def _link(predicate: Slot) -> Path:
    return Link(predicate) if isinstance(predicate, IRI) else NegatedSet(())


def _along(start: Way, path: Path) -> Path:
    return path if start is None else Sequence(start, path)


def _links(start: Way, path: Path, *, is_inverse: bool = False) -> Iterator[Read]:
    """Every link of a path, with the way to where it begins."""
    match path:
        case Link(predicate):
            yield Read(start, predicate, not is_inverse)
        case NegatedSet(forward, inverse):
            if forward is not None:
                yield Read(start, None, not is_inverse)
            if inverse is not None:
                yield Read(start, None, is_inverse)
        case Inverse(inner):
            yield from _links(start, inner, is_inverse=not is_inverse)
        case Alternative(left, right):
            yield from _links(start, left, is_inverse=is_inverse)
            yield from _links(start, right, is_inverse=is_inverse)
        case Sequence(left, right):
            first, second = (right, left) if is_inverse else (left, right)
            yield from _links(start, first, is_inverse=is_inverse)
            yield from _links(
                _along(start, _turned(first, is_inverse=is_inverse)), second, is_inverse=is_inverse
            )
        case Repeated(inner, repetition):
            yield from _links(start, inner, is_inverse=is_inverse)
            if repetition is not Repetition.ZERO_OR_ONE:
                again = Repeated(inner, Repetition.ONE_OR_MORE)
                further = _along(start, _turned(again, is_inverse=is_inverse))
                yield from _links(further, inner, is_inverse=is_inverse)


def _turned(path: Path, *, is_inverse: bool) -> Path:
    return Inverse(path) if is_inverse else path
