"""Whom a wording names: its segments read from left to right, each by the kind of its last word."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import reduce
from typing import TYPE_CHECKING, Final

from emkg.ontology.wording import Designation, DesignationKind, Segment, Token, TokenKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from emkg.ontology.wording import Wording

BY_MATTER: Final = "by-matter"
BY_RELATION: Final = "by-relation"
BY_APPOINTMENT: Final = "by-appointment"
BY_MEMBERSHIP: Final = "by-membership"
UNREAD: Final = "unread"

_K = TokenKind
_WHERE: Final = frozenset({_K.LEVEL, _K.CENTRAL, _K.NEAR, _K.PLACE, _K.GOVERNMENT, _K.ROLE})
_PUBLIC: Final = frozenset({_K.HEAD, _K.GOVERNMENT, _K.NAME, _K.CENTRAL})
_PLACE_ENDINGS: Final = ("地", "地区", "灾区", "区域", "内", "区", "方")
_APPOINTING: Final = frozenset({"指定", "授权", "确定", "委托"})


@dataclass(frozen=True)
class Scope:
    """Where a designation is: the levels stated, and the relation to another body."""

    levels: frozenset[str] = frozenset()
    relation: str = ""
    is_stated: bool = False


@dataclass(frozen=True)
class Clause:
    """A segment without its condition (what stands before 的) and without the words of place before its subject."""

    segment: Segment
    condition: tuple[Token, ...]
    rest: tuple[Token, ...]
    scope: Scope

    @property
    def subject(self) -> tuple[Token, ...]:
        """The words that are left when levels, places and the government are taken away."""
        return tuple(token for token in self.rest if token.kind not in _WHERE)


@dataclass(frozen=True)
class Reading:
    """What has been read so far: designations, clauses that wait for their head, the scope in force."""

    done: tuple[Designation, ...] = ()
    waiting: tuple[Clause, ...] = ()
    scope: Scope = field(default_factory=Scope)


def designations(wording: Wording) -> tuple[Designation, ...]:
    """Whom the wording names, in its order; a part that cannot be read is `UNREAD` and keeps its words."""
    reading = reduce(_read, wording.segments, Reading())
    return _at_the_end(reading).done


def _read(reading: Reading, segment: Segment) -> Reading:
    clause = _clause(segment)
    clause = replace(clause, scope=_scope_of(clause, reading))
    tail = clause.rest[-1].kind if clause.rest else _K.OTHER
    read = _BY_TAIL.get(tail, _wait)(reading, clause)
    return replace(read, scope=clause.scope if clause.scope.is_stated else reading.scope)


def _clause(segment: Segment) -> Clause:
    tokens = segment.tokens
    links = [index for index, token in enumerate(tokens) if token.kind is _K.LINK]
    cut = links[-1] if links else -1
    condition = tokens[: cut + 1]
    if all(token.kind in _WHERE or token.kind is _K.LINK for token in condition):
        condition, tokens = (), tuple(token for token in tokens if token.kind is not _K.LINK)
    rest = _without_place(tokens[len(condition) :])
    return Clause(segment, condition, rest, _stated(rest))


def _without_place(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Words before a level or a government that end like a place say only where it is."""
    for index, token in enumerate(tokens):
        if token.kind in {_K.LEVEL, _K.NEAR, _K.GOVERNMENT}:
            before = "".join(token.text for token in tokens[:index])
            return tokens[index:] if before.endswith(_PLACE_ENDINGS) else tokens
        if token.kind in _PUBLIC or token.kind is _K.TOPIC:
            return tokens
    return tokens


def _stated(rest: tuple[Token, ...]) -> Scope:
    levels = frozenset(v for t in rest if t.kind in {_K.LEVEL, _K.CENTRAL} for v in t.values)
    relation = next((t.values[0] for t in rest if t.kind is _K.NEAR), "")
    where = any(t.kind in _WHERE - {_K.ROLE, _K.PLACE} for t in rest)
    return Scope(levels, relation, where)


def _scope_of(clause: Clause, reading: Reading) -> Scope:
    if not clause.scope.is_stated:
        return reading.scope
    listed = frozenset(v for c in reading.waiting if _is_where(c) for v in c.scope.levels)
    return replace(clause.scope, levels=clause.scope.levels | listed)


def _is_where(clause: Clause) -> bool:
    return not clause.condition and not clause.subject and bool(clause.scope.levels)


def _wait(reading: Reading, clause: Clause) -> Reading:
    return replace(reading, waiting=(*reading.waiting, clause))


def _add(reading: Reading, *found: Designation) -> Reading:
    return replace(reading, done=(*reading.done, *found), waiting=())


def _government(reading: Reading, clause: Clause) -> Reading:
    if clause.subject:
        return _wait(reading, clause)
    return _add(reading, *_waiting_topics(reading), _designate(DesignationKind.GOVERNMENT, clause, ""))


def _central(reading: Reading, clause: Clause) -> Reading:
    return _government(reading, clause) if len(clause.rest) == 1 else _wait(reading, clause)


def _named(reading: Reading, clause: Clause) -> Reading:
    kept = replace(reading, waiting=tuple(c for c in reading.waiting if not _is_where(c)))
    if len(clause.subject) != 1:
        found = _unread(clause)
    else:
        found = _designate(DesignationKind.BODY, clause, clause.rest[-1].values[0])
    return replace(kept, done=(*kept.done, found))


def _headed(reading: Reading, clause: Clause) -> Reading:
    kinds = [token.kind for token in clause.subject]
    before = _waiting_topics(reading)
    if kinds == [_K.TOPIC, _K.HEAD]:
        return _add(reading, *before, _department(clause))
    if kinds == [_K.HEAD]:
        return _add(reading, *before, _role(clause))
    return _add(reading, *before, _unread(clause))


def _institution(reading: Reading, clause: Clause) -> Reading:
    kinds = {token.kind for token in clause.subject}
    if kinds <= {_K.BODY, _K.HEAD}:
        return _add(reading, *_waiting_topics(reading), _role(clause))
    if kinds & {_K.OTHER, _K.PRIVATE}:
        return _private_of(reading, clause, "institution-class")
    return _add(reading, *_waiting_topics(reading), _unread(clause))


def _association(reading: Reading, clause: Clause) -> Reading:
    return _private_of(reading, clause, "any-person" if len(clause.subject) == 1 else "institution-class")


def _member(reading: Reading, clause: Clause) -> Reading:
    return _add(reading, *_waiting_topics(reading), _designate(DesignationKind.ROLE, clause, BY_MEMBERSHIP))


def _private(reading: Reading, clause: Clause) -> Reading:
    token = clause.rest[-1]
    named = token.values[0]
    if named == "person" and any(t.kind in _PUBLIC for t in clause.rest):
        named = "official"
    if (
        named == "enterprise-class"
        and all(t.kind is _K.ROLE for t in clause.rest[:-1])
        and token.text == "单位"
    ):
        named = "any-person"
    return _private_of(reading, clause, named)


def _private_of(reading: Reading, clause: Clause, named: str) -> Reading:
    """A private class takes the clauses that wait for a head as its own words."""
    words = "、".join(c.segment.text for c in (*reading.waiting, clause))
    return _add(reading, Designation(DesignationKind.PRIVATE, words, named))


def _role(clause: Clause) -> Designation:
    reason = BY_MATTER
    if clause.condition:
        texts = {token.text for token in clause.condition}
        reason = BY_APPOINTMENT if texts & _APPOINTING else BY_RELATION
    return _designate(DesignationKind.ROLE, clause, reason)


def _department(clause: Clause) -> Designation:
    topic = next(token.values[0] for token in clause.subject if token.kind is _K.TOPIC)
    return _designate(DesignationKind.DEPARTMENT, clause, topic)


def _waiting_topics(reading: Reading) -> Iterable[Designation]:
    for clause in reading.waiting:
        if [token.kind for token in clause.subject] == [_K.TOPIC]:
            yield _department(clause)
        elif not _is_where(clause):
            yield _unread(clause)


def _at_the_end(reading: Reading) -> Reading:
    places = [clause for clause in reading.waiting if _is_where(clause)]
    found = [*_waiting_topics(reading)]
    if places:
        levels = frozenset(v for clause in places for v in clause.scope.levels)
        text = "、".join(clause.segment.text for clause in places)
        found.append(Designation(DesignationKind.GOVERNMENT, text, "", levels, places[-1].scope.relation))
    return _add(reading, *found)


def _unread(clause: Clause) -> Designation:
    return _designate(DesignationKind.UNREAD, clause, UNREAD)


def _designate(kind: DesignationKind, clause: Clause, subject: str) -> Designation:
    return Designation(kind, clause.segment.text, subject, clause.scope.levels, clause.scope.relation)


_BY_TAIL: Final[Mapping[TokenKind, Callable[[Reading, Clause], Reading]]] = {
    _K.GOVERNMENT: _government,
    _K.CENTRAL: _central,
    _K.NAME: _named,
    _K.HEAD: _headed,
    _K.BODY: _institution,
    _K.MEMBER: _member,
    _K.ASSOCIATION: _association,
    _K.PRIVATE: _private,
    _K.PREMISES: _private,
}
