"""CSV: the careful reader, the fast one, and that both see the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emkg.errors import SourceError
from emkg.sources import Formulation, SourceDescription, SourceRelation, delimited, read_source
from emkg.sources.clean_delimited import is_clean, read_clean

if TYPE_CHECKING:
    from pathlib import Path


def _read(path: Path, data: bytes, *references: str, **options: object) -> SourceRelation:
    path.write_bytes(data)
    description = SourceDescription(path, Formulation.CSV, **options)  # type: ignore[arg-type]  # the test's options
    return read_source(ibis.duckdb.connect(), description, references)


def _rows(relation: SourceRelation) -> list[tuple[object, ...]]:
    rows = relation.table.order_by("row").to_pyarrow().to_pylist()
    return [tuple(row.values()) for row in rows]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "数据.csv"


def test_an_undecodable_byte_costs_its_cell_only(path: Path) -> None:
    data = "编号,名称,级别\n1,上海,2\n".encode("gb18030") + b"2,\xc9\xff,3\n" + "3,北京,1\n".encode("gb18030")
    relation = _read(path, data, "编号", "名称", "级别", encoding="gb18030")
    assert _rows(relation) == [(2, "1", "上海", "2"), (3, "2", None, "3"), (4, "3", "北京", "1")]
    (fault,) = relation.faults
    assert (fault.row, fault.column, fault.reason, fault.value) == (3, "名称", "undecodable", r"\xC9\xFF")
    assert "gb18030" in fault.message
    assert "gb18030" in fault.message_zh


def test_an_undecodable_byte_in_a_column_nobody_refers_to_is_no_fault(path: Path) -> None:
    assert _read(path, b"a,b\n1,\xff\n", "a").faults == ()


def test_short_and_long_rows_are_kept_and_reported(path: Path) -> None:
    relation = _read(path, b"a,b,c\n1\n1,2,3,4\n5,6,7,\n8,9,0\n", "a", "c")
    assert _rows(relation) == [(2, "1", None), (3, "1", "3"), (4, "5", "7"), (5, "8", "0")]
    found = [(fault.row, fault.column, fault.reason, fault.value) for fault in relation.faults]
    assert found == [(2, "b", "short-row", "1"), (3, "", "long-row", "4")]


def test_rows_are_counted_as_a_spreadsheet_counts_them(path: Path) -> None:
    relation = _read(path, b'a,b\n1,"x\ny"\n\n2,z\n', "a", "b")
    assert _rows(relation) == [(2, "1", "x\ny"), (4, "2", "z")]


def test_a_quote_left_open_costs_one_row(path: Path) -> None:
    relation = _read(path, b'a,b\n1,"x\n2,y\n3,z\n', "a", "b")
    assert _rows(relation) == [(3, "2", "y"), (4, "3", "z")]
    assert [(fault.row, fault.reason, fault.value) for fault in relation.faults] == [
        (2, "bad-quotes", '1,"x')
    ]


def test_a_quote_inside_a_cell_costs_one_row(path: Path) -> None:
    relation = _read(path, b'a,b\n1,"x"y\n2,5" pipe\n', "a", "b")
    assert _rows(relation) == [(3, "2", '5" pipe')]
    assert [fault.row for fault in relation.faults] == [2]


def test_a_file_without_quotes_can_be_declared(path: Path) -> None:
    assert _rows(_read(path, b'a,b\n"x,y\n', "a", "b", quote="")) == [(2, '"x', "y")]


def test_comments_and_a_row_of_types_are_skipped_and_counted(path: Path) -> None:
    data = b"# about\n#\nsite\tflow\n5s\t14n\n02177000\t1.50\n# late\n02177000\t2\n"
    relation = _read(path, data, "site", "flow", delimiter="\t", comment="#", skip_after_header=1)
    assert _rows(relation) == [(5, "02177000", "1.50"), (7, "02177000", "2")]


def test_title_rows_above_the_header_are_skipped(path: Path) -> None:
    assert _rows(_read(path, b"title\n\na,b\n1,2\n", "b", header_row=3)) == [(4, "2")]


def test_a_name_that_stands_twice_is_referred_to_by_its_place(path: Path) -> None:
    data = b"a,b,a\n1,2,3\n"
    assert _rows(_read(path, data, "a[1]", "a[2]")) == [(2, "1", "3")]
    with pytest.raises(SourceError, match="occurs 2 times"):
        _read(path, data, "a")


def test_a_header_beyond_the_end_is_refused(path: Path) -> None:
    with pytest.raises(SourceError, match="no row 3 with the column names"):
        _read(path, b"a,b\n1,2\n", "a", header_row=3)
    with pytest.raises(SourceError, match="no row 1 with the column names"):
        _read(path, b"", "a")


def test_an_unknown_encoding_is_refused(path: Path) -> None:
    with pytest.raises(SourceError, match="'gb18031' is not known"):
        _read(path, b"a\n", "a", encoding="gb18031")


def test_a_delimiter_of_two_characters_is_refused(path: Path) -> None:
    with pytest.raises(SourceError, match="one character each"):
        _read(path, b"a\n", "a", delimiter="||", encoding="gbk")


def test_the_wrong_encoding_never_reads_as_another(path: Path) -> None:
    relation = _read(path, "a,b\n1,上海\n".encode("gb18030"), "a", "b", encoding="utf-8")
    assert _rows(relation) == [(2, "1", None)]
    assert relation.faults[0].reason == "undecodable"


def test_many_rows_pass_through_batches(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emkg.sources.relation._BATCH_ROWS", 7)
    data = "a,b\n" + "".join(f"{number},市\n" for number in range(50)) + "51\n"
    rows = _rows(_read(path, data.encode("gbk"), "a", encoding="gbk"))
    assert rows == [*((number + 2, str(number)) for number in range(50)), (52, "51")]


def test_a_file_name_is_no_pattern(path: Path) -> None:
    path.with_name("x1.csv").write_text("a,b\nwrong,file\n")
    assert _rows(_read(path.with_name("x[1].csv"), b"a,b\n1,2\n", "a")) == [(2, "1")]


CELLS = st.text(st.sampled_from(list('a ,"\n\r\t;市é')), max_size=4)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(st.lists(CELLS, min_size=1, max_size=3), min_size=1, max_size=4),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_the_fast_reader_sees_what_the_careful_one_does(path: Path, lines: list[list[str]], end: str) -> None:
    """Lines are glued from raw pieces, so quotes and line ends stand where no writer would put them."""
    path.write_bytes(end.join(["p,q", *(",".join(cells) for cells in lines)]).encode())
    description = SourceDescription(path, Formulation.CSV)
    backend = ibis.duckdb.connect()
    if not is_clean(description, ["p", "q"], 1):
        return
    fast = read_clean(backend, description, 2, {"p": 0, "q": 1})
    if fast is None:
        return
    records = delimited._records(description)
    header = delimited._header(description, records)
    careful = delimited._read_records(backend, description, header, {"p": 0, "q": 1}, records)
    assert careful.faults == ()
    assert (
        fast.order_by("row").to_pyarrow().to_pylist()
        == careful.table.order_by("row").to_pyarrow().to_pylist()
    )


@pytest.mark.parametrize(
    ("line", "is_fast"),
    [
        ('"say ""no"" now",b', True),
        ('" a ","b "', True),
        ('a, "b"', False),
        ('"a" ,b', False),
        ('5" pipe,b 6"', False),
    ],
)
def test_blanks_within_quotes_are_read_fast_and_blanks_outside_with_care(
    path: Path, line: str, is_fast: bool
) -> None:
    path.write_text(f"p,q\n{line}\n", "utf-8")

    assert is_clean(SourceDescription(path, Formulation.CSV), ["p", "q"], 1) is is_fast


def test_cells_of_several_lines_are_looked_at_as_wholes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emkg.sources.clean_delimited._CHUNK_BYTES", 8)
    data = "p,q\n" + '"one\ntwo, ""three""\nfour",b\n' * 9

    assert is_clean(_written(path, data), ["p", "q"], 1)
    assert not is_clean(_written(path, data + '"five\n" ,b\n'), ["p", "q"], 1)


def _written(path: Path, data: str) -> SourceDescription:
    path.write_text(data, "utf-8")
    return SourceDescription(path, Formulation.CSV)
