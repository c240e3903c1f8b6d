"""Packed files are read as if they were not packed; what is wrong with them names the packed file."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from typing import TYPE_CHECKING

import ibis
import pytest

from emkg.errors import SourceError
from emkg.sources.description import Formulation, SourceDescription
from emkg.sources.reading import read_source

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "id,name\n1, 东城 \n2,west\n".encode()


def _pack(path: Path, compression: str, names: tuple[str, ...] = ("a.csv",)) -> SourceDescription:
    if compression == "gzip":
        path.write_bytes(gzip.compress(TEXT))
    elif compression == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, TEXT)
    else:
        with tarfile.open(path, "w:gz" if compression == "targz" else "w:xz") as archive:
            for name in names:
                member = tarfile.TarInfo(name)
                member.size = len(TEXT)
                archive.addfile(member, io.BytesIO(TEXT))
    return SourceDescription(path, Formulation.CSV, compression=compression)


def _names(description: SourceDescription, reference: str = "name") -> list[str]:
    relation = read_source(ibis.duckdb.connect(), description, [reference])
    table = relation.table.order_by("row").to_pyarrow()
    return [str(cell) for cell in table[relation.columns[reference]].to_pylist()]


@pytest.mark.parametrize("compression", ["gzip", "zip", "targz", "tarxz"])
def test_a_packed_file_is_read(tmp_path: Path, compression: str) -> None:
    description = _pack(tmp_path / "a.packed", compression)
    assert _names(description) == [" 东城 ", "west"]


def test_blanks_around_cells_go_where_the_dialect_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(TEXT)
    trimmed = SourceDescription(tmp_path / "a.csv", Formulation.CSV, trim=True)
    assert _names(trimmed) == ["东城", "west"]


def test_an_archive_of_several_files_is_refused(tmp_path: Path) -> None:
    description = _pack(tmp_path / "a.zip", "zip", ("a.csv", "b.csv"))
    with pytest.raises(SourceError, match=r"a\.zip: the archive holds 2 files"):
        _names(description)


@pytest.mark.parametrize("compression", ["gzip", "zip", "targz", "tarxz"])
def test_a_damaged_file_is_refused(tmp_path: Path, compression: str) -> None:
    description = _pack(tmp_path / "a.packed", compression)
    description.path.write_bytes(description.path.read_bytes()[:40])
    with pytest.raises(SourceError, match=r"a\.packed: this is no sound"):
        _names(description)


def test_a_fault_within_names_the_packed_file(tmp_path: Path) -> None:
    description = _pack(tmp_path / "a.csv.gz", "gzip")
    with pytest.raises(SourceError) as caught:
        _names(description, "none")
    assert str(caught.value).startswith(str(tmp_path / "a.csv.gz"))


def test_an_unknown_compression_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(TEXT)
    with pytest.raises(SourceError, match="no reader for the compression 'rar'"):
        _names(SourceDescription(tmp_path / "a", Formulation.CSV, compression="rar"))
