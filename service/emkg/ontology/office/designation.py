"""Whom a wording names: its segments read from left to right, each by the kind of its last word."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import reduce
from typing import TYPE_CHECKING, Final

from emkg.ontology.office.wording import Designation, DesignationKind, Segment, Token, TokenKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from emkg.ontology.office.wording import Wording

BY_MATTER: Final = "by-matter"
BY_RELATION: Final = "by-relation"
BY_APPOINTMENT: Final = "by-appointment"
NO_BODY_LISTED: Final = "no-body-listed"
UNREAD: Final = "unread"

_K = TokenKind
_WHERE: Final = frozenset({_K.LEVEL, _K.CENTRAL, _K.NEAR, _K.PLACE, _K.GOVERNMENT, _K.ROLE})
_PUBLIC: Final = frozenset({_K.HEAD, _K.ORGAN, _K.GOVERNMENT, _K.NAME, _K.CENTRAL})
_AFTER_PLACE: Final = frozenset({_K.LEVEL, _K.NEAR, _K.CENTRAL, _K.GOVERNMENT, _K.TOPIC, _K.NAME})
_SUBJECTS: Final = frozenset({_K.TOPIC, _K.NAME})
_PLACE_ENDINGS: Final = ("地", "区", "地区", "区域", "内")
_LOCAL: Final = frozenset({"province", "city", "county", "township"})
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
    found = _at_the_end(reading).done
    return found or tuple(_nobody(wording))


def _nobody(wording: Wording) -> Iterable[Designation]:
    """What a wording of places and brackets alone says: 上级 by itself is a relation, all else is unread."""
    if any(token.kind is _K.NEAR for token in wording.tokens):
        yield Designation(DesignationKind.ROLE, wording.text, BY_RELATION)
    elif wording.text:
        yield Designation(DesignationKind.UNREAD, wording.text, UNREAD)


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
    """Words that end like a place say only where it is, if a level, a topic or a name follows."""
    for index in range(len(tokens) - 1, 0, -1):
        before = [token for token in tokens[:index] if token.kind is not _K.ROLE]
        if any(token.kind in {_K.HEAD, _K.ORGAN, _K.NAME, _K.GOVERNMENT} for token in before):
            continue
        is_place = bool(before) and before[-1].text.endswith(_PLACE_ENDINGS)
        if tokens[index].kind in _AFTER_PLACE and is_place and any(t.kind not in _WHERE for t in before):
            return tokens[index:]
    return tokens


def _stated(rest: tuple[Token, ...]) -> Scope:
    levels = frozenset(v for t in rest if t.kind in {_K.LEVEL, _K.CENTRAL} for v in t.values)
    relation = next((t.values[0] for t in rest if t.kind is _K.NEAR), "")
    if not levels and not relation and any(t.kind is _K.PLACE for t in rest):
        levels = _LOCAL
    return Scope(levels, relation, any(t.kind in _WHERE - {_K.ROLE} for t in rest))


def _scope_of(clause: Clause, reading: Reading) -> Scope:
    if not clause.scope.is_stated:
        return reading.scope
    listed = frozenset(v for c in reading.waiting if _is_where(c) for v in c.scope.levels)
    return replace(clause.scope, levels=clause.scope.levels | listed)


def _is_where(clause: Clause) -> bool:
    return not clause.subject and bool(clause.scope.levels)


def _wait(reading: Reading, clause: Clause) -> Reading:
    return replace(reading, waiting=(*reading.waiting, clause))


def _add(reading: Reading, *found: Designation) -> Reading:
    return replace(reading, done=(*reading.done, *found), waiting=())


def _government(reading: Reading, clause: Clause) -> Reading:
    if clause.subject:
        return _wait(reading, clause)
    return _add(
        reading, *_waiting_topics(reading, clause), _designate(DesignationKind.GOVERNMENT, clause, "")
    )


def _named(reading: Reading, clause: Clause) -> Reading:
    """A named body; topics that wait go on waiting for their head."""
    topics = tuple(c for c in reading.waiting if not _is_where(c))
    return replace(reading, done=(*reading.done, *_central(reading, clause), _name(clause)), waiting=topics)


def _name(clause: Clause) -> Designation:
    if _is_another(clause):
        return _designate(DesignationKind.ROLE, clause, BY_MATTER)
    if len(clause.subject) != 1:
        return _unread(clause)
    return _designate(DesignationKind.BODY, clause, clause.rest[-1].values[0])


def _is_another(clause: Clause) -> bool:
    """其他 before a topic or a name means the bodies beside the one that is listed for it."""
    return any(token.kind is _K.ROLE and token.text.startswith(("其他", "其它")) for token in clause.rest)


def _central(reading: Reading, head: Clause | None = None) -> Iterable[Designation]:
    """The central government where it stands by itself in a list, not as one of the levels of a department."""
    is_listed = (
        head and any(t.kind is _K.LEVEL for t in head.rest) and _SUBJECTS & {t.kind for t in head.rest}
    )
    for clause in () if is_listed else reading.waiting:
        if [token.kind for token in clause.rest] == [_K.CENTRAL] and clause.segment.tokens == clause.rest:
            yield _designate(DesignationKind.GOVERNMENT, replace(clause, scope=_stated(clause.rest)), "")


def _headed(reading: Reading, clause: Clause) -> Reading:
    return _add(
        reading, *_central(reading, clause), *_waiting_topics(reading, clause), _department_or_role(clause)
    )


def _department_or_role(clause: Clause) -> Designation:
    kinds = [token.kind for token in clause.subject]
    has_department = kinds in ([_K.TOPIC, _K.HEAD], [_K.TOPIC, _K.ORGAN]) and not clause.subject[-1].values
    if has_department and not _is_another(clause):
        return _department(clause)
    if set(kinds) <= {_K.HEAD, _K.ORGAN, _K.BODY}:
        return _role(clause)
    return _designate(DesignationKind.ROLE, clause, _why_open(clause, set(kinds)))


def _why_open(clause: Clause, kinds: set[TokenKind]) -> str:
    """Why no table settles a department that is not one topic with its head."""
    last = clause.subject[-1]
    if _is_another(clause) or kinds <= {_K.HEAD, _K.ORGAN, _K.NAME}:
        return BY_MATTER
    if {token.text for token in clause.subject} & _APPOINTING:
        return BY_APPOINTMENT
    by_kind = BY_RELATION if last.kind is _K.ORGAN else NO_BODY_LISTED
    return last.values[0] if last.values else by_kind


def _institution(reading: Reading, clause: Clause) -> Reading:
    kinds = {token.kind for token in clause.subject}
    if kinds <= {_K.BODY, _K.HEAD} or not kinds & {_K.OTHER, _K.PRIVATE}:
        return _headed(reading, clause)
    return _private_of(reading, clause, "institution-class")


def _association(reading: Reading, clause: Clause) -> Reading:
    return _private_of(reading, clause, "any-person" if len(clause.subject) == 1 else "institution-class")


def _member(reading: Reading, clause: Clause) -> Reading:
    role = _designate(DesignationKind.ROLE, clause, clause.rest[-1].values[0])
    return _add(reading, *_central(reading), *_waiting_topics(reading, clause), role)


def _territory(reading: Reading, clause: Clause) -> Reading:
    return _add(reading, *_waiting_topics(reading), _designate(DesignationKind.ROLE, clause, BY_RELATION))


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
    return _add(reading, *_central(reading), Designation(DesignationKind.PRIVATE, words, named))


def _role(clause: Clause) -> Designation:
    reason = BY_MATTER
    if clause.condition:
        texts = {token.text for token in clause.condition}
        reason = BY_APPOINTMENT if texts & _APPOINTING else BY_RELATION
    return _designate(DesignationKind.ROLE, clause, reason)


def _department(clause: Clause) -> Designation:
    topic = next(token.values[0] for token in clause.subject if token.kind is _K.TOPIC)
    return _designate(DesignationKind.DEPARTMENT, clause, topic)


def _waiting_topics(reading: Reading, head: Clause | None = None) -> Iterable[Designation]:
    """The departments of the topics that wait; other words that wait belong to the head's condition, if it has one."""
    for clause in reading.waiting:
        if [token.kind for token in clause.subject] == [_K.TOPIC]:
            yield _department(clause)
        elif clause.subject and not (head and (head.condition or _is_place(clause))):
            yield _unread(clause)


def _is_place(clause: Clause) -> bool:
    return clause.segment.text.endswith(_PLACE_ENDINGS)


def _at_the_end(reading: Reading) -> Reading:
    places = [clause for clause in reading.waiting if _is_where(clause)]
    if not places or len(places) < len(reading.waiting):
        return _add(reading, *_central(reading), *_waiting_topics(reading))
    levels = frozenset(v for clause in places for v in clause.scope.levels)
    text = "、".join(clause.segment.text for clause in places)
    relation = places[-1].scope.relation
    return _add(reading, Designation(DesignationKind.GOVERNMENT, text, "", levels, relation))


def _unread(clause: Clause) -> Designation:
    return _designate(DesignationKind.UNREAD, clause, UNREAD)


def _designate(kind: DesignationKind, clause: Clause, subject: str) -> Designation:
    return Designation(kind, clause.segment.text, subject, clause.scope.levels, clause.scope.relation)


_BY_TAIL: Final[Mapping[TokenKind, Callable[[Reading, Clause], Reading]]] = {
    _K.GOVERNMENT: _government,
    _K.NAME: _named,
    _K.HEAD: _headed,
    _K.ORGAN: _headed,
    _K.TERRITORY: _territory,
    _K.BODY: _institution,
    _K.MEMBER: _member,
    _K.ASSOCIATION: _association,
    _K.PRIVATE: _private,
    _K.PREMISES: _private,
}
