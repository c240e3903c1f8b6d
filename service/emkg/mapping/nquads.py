"""Statements of several runs as one sorted N-Quads file, without repeats and larger than memory if need be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import ibis.expr.types as ir

    from emkg.mapping.engine import Engine

# A line holds no quotation mark, delimiter or line end that would have to be quoted: N-Quads escape them.
_COPY: Final = """COPY (
  SELECT DISTINCT concat(s, ' ', p, ' ', o, coalesce(' ' || g, ''), ' .') AS line FROM ({statements}) ORDER BY line
) TO $path (FORMAT csv, HEADER false, DELIMITER '\x01', QUOTE '', ESCAPE '')"""


def write_nquads(engine: Engine, plans: Sequence[ir.Table], path: Path) -> int:
    """Write the statements of plans with the columns s, p, o, g; a NULL graph is the default graph.

    Lines are in code point order, the same on every machine: two files of equal statements are equal bytes.

    Returns:
        The number of lines.
    """
    if not plans:
        path.write_bytes(b"")
        return 0
    statements = engine.sql(ibis.union(*plans) if len(plans) > 1 else plans[0])
    copied = engine.connection.execute(_COPY.format(statements=statements), {"path": str(path)}).fetchone()
    return int(copied[0]) if copied else 0
