"""Statements of several runs as one N-Quads file, without repeats and larger than memory if need be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis

from emkg.mapping.run import distinct_statements

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from emkg.mapping.engine import Engine
    from emkg.mapping.stage import Part

# A line holds no quotation mark, delimiter or line end that would have to be quoted: N-Quads escape them.
_COPY: Final = """COPY (
  SELECT {distinct} concat(s, ' ', p, ' ', o, coalesce(' ' || g, ''), ' .') AS line FROM ({statements}) {order}
) TO {path} (FORMAT csv, HEADER false, DELIMITER '\x01', QUOTE '', ESCAPE '')"""


def write_nquads(engine: Engine, runs: Sequence[Sequence[Part]], path: Path, *, is_sorted: bool) -> int:
    """Write the distinct statements of runs as N-Quads; a NULL graph is the default graph.

    Sorted lines are in code point order: two files of equal statements are equal bytes. Sorting a large file takes
    longer than mapping it did, and has all the machine's memory but a fifth before it goes to disk.

    Returns:
        The number of lines.

    Raises:
        MemoryLimitError: What has to be held at once, on disk too, does not fit.
    """
    own = [distinct_statements(parts) for parts in runs if parts]
    if not own:
        path.write_bytes(b"")
        return 0
    if is_sorted:
        engine.connection.execute("RESET memory_limit")
    text = _COPY.format(
        distinct="DISTINCT" if len(own) > 1 else "",
        statements=engine.sql(ibis.union(*own) if len(own) > 1 else own[0]),
        order="ORDER BY line" if is_sorted else "",
        path=_literal(str(path)),
    )
    copied = engine.execute(text).fetchone()
    return int(copied[0]) if copied else 0


def _literal(text: str) -> str:
    """A text as SQL: within single quotes DuckDB reads nothing but doubled ones. A parameter would import pandas."""
    return "'" + text.replace("'", "''") + "'"
