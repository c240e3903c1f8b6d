"""JSONPath beyond members, indexes and wildcards (RFC 9535): a library finds the nodes, by their places."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from emkg.errors import SourceError
from emkg.sources.json_value import IntegerText, NumberText, RepeatedMemberError, RepeatedMembers

if TYPE_CHECKING:
    from jsonpath_rfc9535 import JSONPathQuery

    from emkg.errors import Location
    from emkg.sources.json_value import Json


class JsonPathSyntaxError(ValueError):
    """The text is no JSONPath; `offset` is where in it, from 0."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


@dataclass(frozen=True)
class Query:
    """A query of any kind that RFC 9535 knows; `$` is the node that it is applied to."""

    text: str
    location: Location

    @cached_property
    def _compiled(self) -> JSONPathQuery:
        from jsonpath_rfc9535 import JSONPathError, compile  # noqa: A004, PLC0415 - only few paths need it

        try:
            return compile(self.text)
        except JSONPathError as error:
            offset = error.token.index if error.token is not None else 0
            raise JsonPathSyntaxError(str(error).splitlines()[0], offset) from None
        except (ValueError, RecursionError) as error:  # a number of thousands of digits, brackets without end
            raise JsonPathSyntaxError(str(error).splitlines()[0], 0) from None

    def check(self) -> None:
        """Compile it.

        Raises:
            JsonPathSyntaxError: It is no JSONPath.
        """
        _ = self._compiled

    def find(self, node: Json) -> list[Json]:
        """The nodes that it selects, in its order.

        Raises:
            RepeatedMemberError: The way goes through a member that its object names twice.
            SourceError: A value is nested deeper than a query descends.
        """
        from jsonpath_rfc9535 import JSONPathRecursionError  # noqa: PLC0415 - as above

        try:
            found = self._compiled.find(_plain(node))
        except (JSONPathRecursionError, RecursionError):
            raise SourceError(
                f"an item is nested too deeply for the JSONPath {self.text!r}",
                message_zh=f"数据嵌套过深，无法应用 JSONPath“{self.text}”",
                location=self.location,
            ) from None
        return [_at(node, one.location) for one in found]


def _at(node: Json, location: tuple[int | str, ...]) -> Json:
    for step in location:
        if isinstance(node, RepeatedMembers) and step in node.repeated:
            raise RepeatedMemberError(step)
        node = node[step]  # type: ignore[index]  # the place was found in the same value
    return node


def _plain(node: Json) -> Any:
    """The value as Python's own, numbers as numbers, so that filters compare them as such."""
    match node:
        case dict():
            return {name: _plain(value) for name, value in node.items()}
        case list():
            return [_plain(value) for value in node]
        case IntegerText():
            return int(node)
        case NumberText():
            return float(node)
    return node
