"""What Spark cannot do of a plan."""

from __future__ import annotations

from emkg.errors import MappingError


class UnsupportedError(MappingError):
    """Part of a mapping has no counterpart in Spark; `what` names it."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"Spark cannot do what this triples map asks for: {what}; run it with `--engine duckdb`",
            message_zh=f"Spark 无法执行该三元组映射所需的操作：{what}；请改用 `--engine duckdb`",
        )
