"""Items within JSON values, and whether the iterator's steps led anywhere in any of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emkg.errors import Location, SourceError
from emkg.sources.json_value import RepeatedMemberError
from emkg.sources.jsonpath import Every, children
from emkg.sources.suggestion import missing_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from emkg.sources.json_value import Json
    from emkg.sources.jsonpath import JsonPath, Step


@dataclass
class _Trace:
    """What one step met: anything, something it selects, the names there were, single values."""

    was_reached: bool = False
    has_found: bool = False
    names: dict[str, None] = field(default_factory=dict)
    has_met_single: bool = False


class Selection:
    """The iterator's remaining steps, applied to one value after the other."""

    def __init__(self, path: Path, iterator: JsonPath, steps: Sequence[Step]) -> None:
        self._path = path
        self._iterator = iterator
        self._steps = steps
        self._traces = [_Trace() for _ in steps]

    def select(self, node: Json) -> list[Json]:
        """The items in a value; none where an array is there and empty.

        Raises:
            SourceError: The way goes through a member named twice, or ends at an array as a whole.
        """
        if not self._steps and not isinstance(node, list):
            return [node]
        nodes = [node]
        for step, trace in zip(self._steps, self._traces, strict=True):
            nodes = self._follow(nodes, step, trace)
        if any(isinstance(item, list) for item in nodes):
            raise misfit(
                self._path,
                self._iterator,
                "it gives an array as a whole; add [*] for its elements",
                "结果是整个数组；请加 [*]",
            )
        return nodes

    def check(self) -> None:
        """Every step that was reached found something, or an empty array.

        Raises:
            SourceError: One led nowhere in all the values; names what was there instead.
        """
        for step, trace in zip(self._steps, self._traces, strict=True):
            if not trace.was_reached or trace.has_found:
                continue
            if isinstance(step, str):
                kind = (f"member (of iterator {self._iterator.text})", "成员")
                raise missing_name(self._path, kind, step, trace.names)
            if trace.has_met_single:
                raise misfit(
                    self._path, self._iterator, "the wildcard meets single values", "通配符处是单个值"
                )

    def _follow(self, nodes: list[Json], step: Step, trace: _Trace) -> list[Json]:
        try:
            found = [child for node in nodes for child in children(node, step)]
        except RepeatedMemberError as error:
            raise misfit(
                self._path, self._iterator, f"the member {error} is there twice", f"成员“{error}”重复"
            ) from None
        trace.was_reached |= bool(nodes)
        trace.has_found |= bool(found)
        if not trace.has_found:
            for node in nodes:
                if isinstance(node, dict):
                    trace.names.update(dict.fromkeys(node))
                elif isinstance(step, Every) and not isinstance(node, list) and node is not None:
                    trace.has_met_single = True
        return found


def misfit(path: Path, iterator: JsonPath, what: str, what_zh: str) -> SourceError:
    """The error for an iterator that the document does not bear out."""
    return SourceError(
        f"the iterator {iterator.text!r} does not fit the document: {what}",
        message_zh=f"迭代器“{iterator.text}”与文档不符：{what_zh}",
        location=Location(str(path)),
    )
