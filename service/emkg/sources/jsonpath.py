"""JSONPath (RFC 9535), and names without `$` before them.

Members, indexes and wildcards (`$.a.b`, `a.b`, `a['b c']`, `a[0]`, `a[-1]`, `a[*]`, `a.*`) are followed step by step;
`$` and `@` are the item itself; a name with `.`, `[`, `]`, `*` or `;` stands in quotes. What comes after them (slices, filters, unions, descendants) is one query.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

from emkg.errors import Location, SourceError
from emkg.sources.json_value import IntegerText, Json, RepeatedMemberError, RepeatedMembers
from emkg.sources.jsonpath_query import JsonPathSyntaxError, Query

_STEP = re.compile(
    r"""\.(?P<wild>\*)
      | \.(?P<member>[^.\[\]*;]+)
      | \[\s*(?P<all>\*)\s*\]
      | \[\s*(?P<index>-?[0-9]{1,18})\s*\]
      | \[\s*'(?P<single>(?:[^'\\]|\\.)*)'\s*\]
      | \[\s*"(?P<double>(?:[^"\\]|\\.)*)"\s*\]
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Every:
    """The wildcard: every element of an array, every member of an object."""


Step: TypeAlias = str | int | Every | Query


@dataclass(frozen=True)
class JsonPath:
    """A compiled path; `text` is how it was written."""

    text: str
    steps: tuple[Step, ...]

    def find(self, item: Json) -> list[Json]:
        """What the path selects in an item, in document order; empty where it leads nowhere.

        Raises:
            RepeatedMemberError: The way goes through a member that its object names twice.
        """
        nodes = [item]
        for step in self.steps:
            nodes = [child for node in nodes for child in children(node, step)]
        return nodes


ELSEWHERE: Final = IntegerText()  # what no document holds: the way needs a closer look


def member_chain(path: JsonPath) -> tuple[str, ...] | None:
    """The members' names of a path that leads through nothing else; None for another path."""
    names = tuple(step for step in path.steps if isinstance(step, str))
    return names if len(names) == len(path.steps) else None


def children(node: Json, step: Step) -> list[Json]:
    """What one step selects in one node.

    Raises:
        RepeatedMemberError: The object names the member twice.
    """
    match step, node:
        case str(), dict():
            if isinstance(node, RepeatedMembers) and step in node.repeated:
                raise RepeatedMemberError(step)
            return [node[step]] if step in node else []
        case int(), list():
            return [node[step]] if -len(node) <= step < len(node) else []
        case Every(), list():
            return node
        case Every(), dict():
            return list(node.values())
        case Query(), _:
            return step.find(node)
    return []


def compile_jsonpath(text: str, location: Location) -> JsonPath:
    """The path of an iterator or a reference.

    Raises:
        SourceError: The text is no path; names the place in it.
    """
    rest = text.strip()
    if rest[:1] in {"$", "@"}:
        rest = rest[1:]
    elif rest and not rest.startswith("["):
        rest = "." + rest
    steps: list[Step] = []
    position = 0
    while position < len(rest):
        match = _STEP.match(rest, position)
        if match is None:
            return JsonPath(text, _with_query(text, rest, position, steps, location))
        steps.append(_step(match))
        position = match.end()
    return JsonPath(text, tuple(steps))


def _with_query(
    text: str, rest: str, position: int, steps: list[Step], location: Location
) -> tuple[Step, ...]:
    """The steps so far and the rest as a query; all as one where a filter in it looks at the item as a whole."""
    is_of_whole = "$" in rest[position:]
    query = Query("$" + rest[0 if is_of_whole else position :], location)
    try:
        query.check()
    except JsonPathSyntaxError as error:
        place = (0 if is_of_whole else position) + error.offset - 1
        raise _refused(text, rest[max(place, 0) :], str(error), location) from None
    return (query,) if is_of_whole else (*steps, query)


def _step(match: re.Match[str]) -> Step:
    if match["wild"] or match["all"]:
        return Every()
    if match["index"]:
        return int(match["index"])
    if match["member"]:
        return match["member"]
    quoted = match["single"] if match["single"] is not None else match["double"]
    return re.sub(r"\\(.)", r"\1", quoted)


def _refused(text: str, rest: str, why: str, location: Location) -> SourceError:
    return SourceError(
        f"JSONPath {text!r} cannot be read from {rest!r} on: {why}",
        message_zh=f"JSONPath“{text}”自“{rest}”起无法解析",
        location=location,
    )
