"""What Spark cannot do of a plan."""

from __future__ import annotations

from emkg.errors import MappingError


def unsupported(what: str) -> MappingError:
    """The error where part of a mapping has no counterpart in Spark; `what` names it."""
    return MappingError(
        f"Spark cannot do what this triples map asks for: {what}; run it with `--engine duckdb`",
        message_zh=f"Spark 无法执行该三元组映射所需的操作：{what}；请改用 `--engine duckdb`",
    )
