"""JSON as it stands in a file: numbers keep their texts, and members named twice are noticed."""

from __future__ import annotations

from typing import TypeAlias


class NumberText(str):
    """A JSON number's text, as it stands in the file."""

    __slots__ = ()


class IntegerText(NumberText):
    """The text of a number without fraction or exponent."""

    __slots__ = ()


class RepeatedMembers(dict[str, "Json"]):
    """An object that names a member more than once; `repeated` are those names."""

    repeated: frozenset[str]


Json: TypeAlias = "dict[str, Json] | list[Json] | str | NumberText | bool | None"


class RepeatedMemberError(Exception):
    """A step met a member that its object names more than once."""
