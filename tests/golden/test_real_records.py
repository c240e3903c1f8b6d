"""Real public records through their mappings: the statements of a few rows, as N-Quads that were read through."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from emkg.mapping import run_mapping
from emkg.mapping.parse import parse_mapping
from emkg.rdf import IRI, Quad, canonical, parse_file, parse_term, quads_to_lines

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

pytestmark = pytest.mark.shared

BASE = "https://w3id.org/emkg/id/"
GRAPH = IRI("https://w3id.org/emkg/graph/real/sample")


@dataclass(frozen=True)
class Sample:
    """A mapping, the file it reads, the rows of it that are kept, and what the subjects of interest begin with.

    Without `rows` the file is taken whole and only the statements of these subjects are compared.
    """

    mapping: str
    file: str
    rows: tuple[int, ...] = ()
    subjects: tuple[str, ...] = ()


SAMPLES = (
    # the first hour, one without PM2.5, one of each haze week; the two events come from the register
    Sample("air-station", "02-air/PRSA_Data_Wanshouxigong_20130301-20170228.csv", (2, 1097, 24062, 33600)),
    Sample("air-network", "02-air/cnemc-airnow-20180220.geojson", subjects=("cnemc-1001A", "cnemc-1004A")),
    Sample(
        "chemicals",
        "07-hazmat/mem-hazchem-catalogue-2015-zh.xlsx",
        subjects=("catalogue-2015-3", "catalogue-2015-410"),
    ),
    # a city, a province without city, a correction below zero, a date that is none, a note where a link should be
    Sample("covid-updates", "03-health/thepaper-covid19-updates-gbk.csv", (2, 4, 1027, 6725, 25350, 27425)),
    Sample("divisions", "12-admin/areas.csv", (2, 2979)),
    Sample("earthquakes", "09-earthquake/usgs-feed.parquet", subjects=("usgs-ci39758954", "usgs-us7000lumq")),
    Sample("landslides", "10-geohazard/nasa-glc-americas.csv", (2, 1131, 1692)),
    Sample(
        "universities",
        "06-schools/moe-universities-zh.xls",
        subjects=("school/4111010001", "school/4265051060"),
    ),
    Sample("weather-alert", "01-warning-cap/canada.cap"),
)


def _cut(data: bytes, rows: Collection[int]) -> bytes:
    """The header and the rows; every other record becomes a blank line, so that rows keep their numbers."""
    lines = data.splitlines(keepends=True)
    end = lines[0][len(lines[0].rstrip(b"\r\n")) :]
    records: list[bytes] = []
    record = b""
    for line in lines:
        record += line
        if record.count(b'"') % 2 == 0:
            records.append(record)
            record = b""
    kept = {1, *rows}
    return b"".join(record if row in kept else end for row, record in enumerate(records, start=1))


def _quads(sample: Sample, checkout: Path, data_root: Path) -> list[Quad]:
    mapping = parse_mapping(checkout / f"mappings/real/{sample.mapping}.yml", data_root=data_root)
    with run_mapping(mapping, dataset="real/sample", base=BASE) as run:
        statements = run.statements().read_all().to_pylist()
    # a subject goes on after these letters only where an identifier ends
    wanted = re.compile("|".join(f"{re.escape(subject)}(?![0-9A-Za-z])" for subject in sample.subjects))
    return [
        Quad(parse_term(row["s"]), parse_term(row["p"]), parse_term(row["o"]), GRAPH)  # type: ignore[arg-type]  # statements are well-formed
        for row in statements
        if wanted.search(row["s"])
    ]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: str(sample.mapping))
def test_a_sample_gives_the_expected_statements(
    sample: Sample, checkout: Path, shared_dir: Path, tmp_path: Path, update_golden: bool
) -> None:
    source, copy = shared_dir / "data" / sample.file, tmp_path / sample.file
    copy.parent.mkdir(parents=True)
    if sample.rows:
        copy.write_bytes(_cut(source.read_bytes(), sample.rows))
    else:
        shutil.copyfile(source, copy)
    expected = checkout / f"tests/golden/expected/{sample.mapping}.nq"

    found = _quads(sample, checkout, tmp_path)

    if update_golden:
        expected.write_text("".join(f"{line}\n" for line in sorted(quads_to_lines(found))), "utf-8")
    assert canonical(found) == canonical(parse_file(expected))


def test_rows_keep_their_numbers_when_a_sample_is_cut() -> None:
    data = b'a,b\r\n1,"x\r\ny"\r\n2,z\r\n3,w\r\n'
    assert _cut(data, {3}) == b"a,b\r\n\r\n2,z\r\n\r\n"
