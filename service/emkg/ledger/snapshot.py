"""Names for generations, and what a reader may write for one: a number, a name, a date or an instant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Final

from emkg.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from emkg.ledger.cursor import Cursor

_NAME: Final = re.compile(r"[^\W\d_][\w.-]{0,99}")
_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Snapshot:
    """A generation under a name: its number, and when the name was given, in UTC."""

    name: str
    generation: int
    taken: datetime


def save_snapshot(cursor: Cursor, name: str, generation: int) -> Snapshot:
    """Give a generation a name.

    Raises:
        ParameterError: The name is taken, or could be read as a number or a date.
    """
    if not _NAME.fullmatch(name):
        raise ParameterError(
            f"{name!r} cannot name a snapshot: begin with a letter, then letters, digits, '.', '_' and '-'",
            message_zh=f"{name!r} 不能作为快照名：须以字母或汉字开头，后接字母、数字、“.”“_”“-”",
        )
    if cursor.count("SELECT count(*) FROM snapshot WHERE name = ?", [name]):
        raise ParameterError(f"there is a snapshot {name} already", message_zh=f"快照 {name} 已存在")
    now = datetime.now(UTC)
    cursor.run("INSERT INTO snapshot VALUES (?, ?, ?)", [name, generation, now.replace(tzinfo=None)])
    return Snapshot(name, generation, now)


def resolve_generation(
    text: str, current: int, snapshots: Iterable[Snapshot], at: Callable[[datetime], int]
) -> int:
    """The generation that a text means: a number, a snapshot's name, a date (its end, UTC) or an instant.

    Raises:
        ParameterError: It is none of them, or a generation that is not there yet.
    """
    named = {snapshot.name: snapshot.generation for snapshot in snapshots}
    if text in named:
        return named[text]
    if _NUMBER.fullmatch(text):
        if int(text) > current:
            raise ParameterError(
                f"there is no generation {text} yet; the newest is {current}",
                message_zh=f"还没有第 {text} 代，最新为第 {current} 代",
            )
        return int(text)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        known = ", ".join(sorted(named)) or "none"
        raise ParameterError(
            f"{text!r} is no generation, snapshot, date or instant; snapshots: {known}",
            message_zh=f"{text!r} 不是世代号、快照名、日期或时刻；现有快照：{known}",
        ) from None
    if _DATE.fullmatch(text):
        instant = datetime.combine(instant, time.max)
    return at(instant if instant.tzinfo else instant.replace(tzinfo=UTC))
