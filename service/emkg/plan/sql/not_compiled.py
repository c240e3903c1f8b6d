"""Why a query has no plan."""

from __future__ import annotations


class NotCompiled(Exception):  # noqa: N818  (a reason to take the fallback, no error that anybody sees)
    """Something in the query has no plan; `reason` names it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
