"""Statements of several runs as one N-Quads file, without repeats and larger than memory if need be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from emkg.mapping.run import distinct_statements

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from emkg.mapping.engine import Engine
    from emkg.mapping.stage import Part


def write_nquads(engine: Engine, runs: Sequence[Sequence[Part]], path: Path, *, is_sorted: bool) -> int:
    """Write the distinct statements of runs as N-Quads; a NULL graph is the default graph.

    Sorted lines are in code point order: two files of equal statements are equal bytes.

    Returns:
        The number of lines.

    Raises:
        MemoryLimitError: What has to be held at once, on disk too, does not fit.
    """
    own = [distinct_statements(parts) for parts in runs if parts]
    if not own:
        path.write_bytes(b"")
        return 0
    lines = [
        one.select(line=one["s"] + " " + one["p"] + " " + one["o"] + (" " + one["g"]).fill_null("") + " .")
        for one in own
    ]
    plan = lines[0] if len(lines) == 1 else ibis.union(*lines).distinct()
    return engine.write_lines(plan, path, is_sorted=is_sorted)
