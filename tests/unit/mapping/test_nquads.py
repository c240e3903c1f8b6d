from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from emkg.mapping import STATEMENT_SCHEMA
from emkg.mapping.engine import Engine
from emkg.mapping.nquads import write_nquads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import ibis.expr.types as ir


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine() as opened:
        yield opened


def _plan(engine: Engine, name: str, *rows: tuple[str, str, str, str | None]) -> ir.Table:
    columns = {column: [row[index] for row in rows] for index, column in enumerate("spog")}
    return engine.backend.create_table(name, pa.table(columns, schema=STATEMENT_SCHEMA))


def test_lines_are_sorted_by_code_point_across_relations(engine: Engine, tmp_path: Path) -> None:
    one = _plan(engine, "one", ("<s>", "<p>", '"霾"', None), ("<s>", "<p>", '"Z"', "<g>"))
    other = _plan(engine, "other", ("<s>", "<p>", '"a"', None), ("<s>", "<p>", '"霾"', None))

    count = write_nquads(engine, [one, other], tmp_path / "out.nq")

    assert count == 3
    lines = (tmp_path / "out.nq").read_text(encoding="utf-8")
    assert lines == '<s> <p> "Z" <g> .\n<s> <p> "a" .\n<s> <p> "霾" .\n'


def test_escapes_quotes_and_commas_are_written_as_they_are(engine: Engine, tmp_path: Path) -> None:
    text = r'"a,\"b\"\n;\\c"'

    write_nquads(engine, [_plan(engine, "one", ("<s>", "<p>", text, None))], tmp_path / "it's.nq")

    assert (tmp_path / "it's.nq").read_bytes() == f"<s> <p> {text} .\n".encode()


def test_nothing_gives_an_empty_file(engine: Engine, tmp_path: Path) -> None:
    assert write_nquads(engine, [], tmp_path / "out.nq") == 0
    assert (tmp_path / "out.nq").read_bytes() == b""
