from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from emkg.errors import Location, MemoryLimitError
from emkg.mapping import STATEMENT_SCHEMA
from emkg.mapping.engine import Engine
from emkg.mapping.model import Reference, TermMap, TermType
from emkg.mapping.nquads import write_nquads
from emkg.mapping.stage import Part
from emkg.mapping.statement import Pattern
from emkg.mapping.terms import Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine() as opened:
        yield opened


def _part(engine: Engine, name: str, *rows: tuple[str, str, str, str | None]) -> Part:
    columns = {column: [row[index] for row in rows] for index, column in enumerate("spog")}
    table = engine.backend.create_table(name, pa.table(columns, schema=STATEMENT_SCHEMA))
    place = Place(column="s")
    item = TermMap(Reference("s"), TermType.IRI, Location("m.yml", 1))
    return Part(Pattern(place, place, place, place, item), table, is_distinct=False)


def test_lines_are_sorted_by_code_point_across_relations(engine: Engine, tmp_path: Path) -> None:
    one = _part(engine, "one", ("<s>", "<p>", '"霾"', None), ("<s>", "<p>", '"Z"', "<g>"))
    other = _part(engine, "other", ("<s>", "<p>", '"a"', None), ("<s>", "<p>", '"霾"', None))

    count = write_nquads(engine, [[one], [other]], tmp_path / "out.nq", is_sorted=True)

    assert count == 3
    lines = (tmp_path / "out.nq").read_text(encoding="utf-8")
    assert lines == '<s> <p> "Z" <g> .\n<s> <p> "a" .\n<s> <p> "霾" .\n'


def test_unsorted_lines_are_distinct_too(engine: Engine, tmp_path: Path) -> None:
    one = _part(engine, "one", ("<s>", "<p>", '"a"', None), ("<s>", "<p>", '"a"', None))
    other = _part(engine, "other", ("<s>", "<p>", '"a"', None), ("<s>", "<p>", '"b"', None))

    assert write_nquads(engine, [[one, other]], tmp_path / "out.nq", is_sorted=False) == 2
    assert write_nquads(engine, [[one], [other]], tmp_path / "two.nq", is_sorted=False) == 2


def test_escapes_quotes_and_commas_are_written_as_they_are(engine: Engine, tmp_path: Path) -> None:
    text = r'"a,\"b\"\n;\\c"'

    part = _part(engine, "one", ("<s>", "<p>", text, None))
    write_nquads(engine, [[part]], tmp_path / "it's.nq", is_sorted=False)

    assert (tmp_path / "it's.nq").read_bytes() == f"<s> <p> {text} .\n".encode()


def test_nothing_gives_an_empty_file(engine: Engine, tmp_path: Path) -> None:
    assert write_nquads(engine, [[]], tmp_path / "out.nq", is_sorted=False) == 0
    assert (tmp_path / "out.nq").read_bytes() == b""


def test_what_does_not_fit_into_memory_says_so(engine: Engine, tmp_path: Path) -> None:
    part = _part(engine, "one", *(("<s>", "<p>", f'"{n}{"x" * 200}"', None) for n in range(20_000)))
    engine.connection.execute("SET memory_limit = '1MB'")

    with pytest.raises(MemoryLimitError, match="one at a time"):
        write_nquads(engine, [[part]], tmp_path / "out.nq", is_sorted=False)
