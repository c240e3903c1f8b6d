"""Coordination form of each pair of departments, and whether one deputy's portfolio covers them all."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

from emkg.errors import NotFoundError, ParameterError
from emkg.query.answer import Note, Row, Value
from emkg.query.involvement import named_bodies
from emkg.query.question import Question, Text
from emkg.query.run import Asker, rows_of, run
from emkg.rdf import IRI

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from emkg.query.case import Given

_PAIR: Final = ("body_a", "body_b")
_JOINED: Final = ("coordinating_body", "coordinating_body_label_zh", "coordinating_body_label_en")
_LINKED: Final = (
    "link",
    "link_kind",
    *("system_a", "system_a_label_zh", "system_a_label_en"),
    *("system_b", "system_b_label_zh", "system_b_label_en"),
)
_FEWEST_FOR_A_PAIR: Final = 2


def coordination_form(
    question: Question, given: Given, asker: Asker
) -> tuple[Given, tuple[Row, ...], tuple[Note, ...]]:
    """Answer `coordination-form`."""
    settled, bodies = named_bodies(given, asker)
    if len(set(bodies)) < _FEWEST_FOR_A_PAIR:
        raise ParameterError(
            "a coordination form is that of two departments; name at least two",
            message_zh="协调形态须由两个以上部门判定，请至少给出两个部门",
        )
    settled = settled | {"body": bodies}
    rows = rows_of(run(question, settled, asker))
    _refuse_unknown(bodies, (row[name] for row in rows for name in _PAIR))
    return settled, tuple(_merged(rows)), tuple(_generated(rows))


def portfolio_exceeded(
    question: Question, given: Given, asker: Asker
) -> tuple[Given, tuple[Row, ...], tuple[Note, ...]]:
    """Answer `portfolio-exceeded`."""
    settled, bodies = named_bodies(given, asker)
    settled = settled | {"body": bodies}
    rows = rows_of(run(question, settled, asker))
    _refuse_unknown(bodies, (row["body"] for row in rows))
    return settled, rows, (*_cover(rows), *_generated(rows))


def _refuse_unknown(bodies: Iterable[IRI], known: Iterable[Value]) -> None:
    unknown = sorted(set(bodies) - {body for body in known if isinstance(body, IRI)})
    if unknown:
        named = ", ".join(str(body) for body in unknown)
        raise NotFoundError(f"body: {named} is not known", message_zh=f"部门 {named} 不存在")


def _merged(rows: Sequence[Row]) -> Iterator[Row]:
    """One row for each pair; what joins and what links it as lists."""
    pairs: dict[tuple[Value, ...], list[Row]] = {}
    for row in rows:
        pairs.setdefault(tuple(row[name] for name in _PAIR), []).append(row)
    for group in pairs.values():
        yield {
            **{name: value for name, value in group[0].items() if name not in {*_JOINED, *_LINKED}},
            "joined_by": _parts(group, _JOINED),
            "linked_by": _parts(group, _LINKED),
            "is_generated": any(row["is_generated"] for row in group),
        }


def _parts(group: Sequence[Row], names: tuple[str, ...]) -> tuple[Value, ...]:
    parts = {row[names[0]]: {name: row[name] for name in names} for row in group if row[names[0]] is not None}
    return tuple(parts.values())


def _cover(rows: Sequence[Row]) -> Iterator[Note]:
    """Whether one post covers all bodies; else the fewest that do, and the bodies that no post covers."""
    posts = _covered(rows)
    bodies = {row["body"] for row in rows}
    uncovered = bodies - set().union(*posts.values())
    fewest = _fewest(posts, bodies - uncovered)
    names = {row["post"]: (row["post_label_zh"], row["post_label_en"]) for row in rows}
    zh = "、".join(str(names[post][0] or post) for post in fewest)
    en = ", ".join(str(names[post][1] or post) for post in fewest)
    if len(fewest) == 1:
        yield Note(
            "portfolio-suffices",
            Text(f"{zh} 的分管范围覆盖全部有分管的部门。", f"One portfolio covers them: {en}."),
            fewest,
        )
    elif fewest:
        yield Note(
            "portfolio-exceeded",
            Text(
                f"没有一位副职的分管范围覆盖全部部门，至少需要 {len(fewest)} 位：{zh}。",
                f"No single deputy's portfolio covers all of them; at least {len(fewest)} are needed: {en}.",
            ),
            fewest,
        )
    if uncovered:
        yield Note(
            "no-portfolio",
            Text(
                f"有 {len(uncovered)} 个部门当日无人分管（或无分管数据）。",
                f"{len(uncovered)} departments are in no portfolio on the date, or none is known.",
            ),
            tuple(sorted(body for body in uncovered if isinstance(body, IRI))),
        )


def _covered(rows: Sequence[Row]) -> Mapping[IRI, set[Value]]:
    posts: dict[IRI, set[Value]] = {}
    for row in rows:
        if isinstance(post := row["post"], IRI):
            posts.setdefault(post, set()).add(row["body"])
    return posts


def _fewest(posts: Mapping[IRI, set[Value]], bodies: set[Value]) -> tuple[IRI, ...]:
    """The fewest posts that cover the bodies together; a city has a handful of deputies, so all are tried."""
    for count in range(1, len(posts) + 1):
        for chosen in combinations(sorted(posts), count):
            if set().union(*(posts[post] for post in chosen)) >= bodies:
                return chosen
    return ()


def _generated(rows: Sequence[Row]) -> Iterator[Note]:
    if any(row["is_generated"] for row in rows):
        yield Note(
            "generated-data",
            Text(
                "依据中有为演示生成的数据（职位、系统、协调机构的成员）。",
                "Generated data is among the grounds: posts, systems, memberships.",
            ),
        )
