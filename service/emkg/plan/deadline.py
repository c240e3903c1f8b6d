"""The time limit of one query."""

from __future__ import annotations

import time
from dataclasses import dataclass

from emkg.errors import QueryTimeoutError


@dataclass(frozen=True)
class Deadline:
    """A moment by which an answer is due, and the limit it came from."""

    timeout_s: float
    at: float

    @classmethod
    def after(cls, timeout_s: float) -> Deadline:
        """The deadline this many seconds from now."""
        return cls(timeout_s, time.monotonic() + timeout_s)

    @property
    def left_s(self) -> float:
        """Seconds left; 0 when it has passed."""
        return max(0.0, self.at - time.monotonic())

    def check(self, doing: str) -> None:
        """Go on, or raise QueryTimeoutError; `doing` says in the middle of what."""
        if not self.left_s:
            raise self.error(doing)

    def error(self, doing: str) -> QueryTimeoutError:
        """The error to raise when it passed; `doing` says in the middle of what."""
        return QueryTimeoutError(
            f"stopped after {self.timeout_s:g} s while {doing}; ask for less or raise the time limit",
            message_zh=f"查询在 {self.timeout_s:g} 秒时限内未完成，已停止；请缩小查询范围或提高时限",
        )
