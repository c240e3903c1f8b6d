"""Mappings on Spark give what they give on DuckDB, byte for byte: real records, official cases, awkward values.

`EMKG_SPARK_CASES=1 pytest tests/conformance/test_rml_on_spark.py` runs every official case, else every sixth; and
`EMKG_TEST_SPARK=local[2] pytest tests/unit/mapping tests/golden tests/conformance/test_rml.py` runs these tests there.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import ibis
import pyarrow as pa
import pytest

from emkg.errors import CancelledError, EmkgError, InputError, MappingError
from emkg.mapping import Hooks, run_mapping
from emkg.mapping.builtin import try_strptime
from emkg.mapping.engine import Engine
from emkg.mapping.engine_choice import EngineChoice
from emkg.mapping.nquads import write_nquads
from emkg.mapping.parse import parse_mapping
from emkg.mapping.spark.regex import java_regex
from emkg.pipeline.map_run import map_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import Protocol

    import ibis.expr.types as ir

    class RmlCase(Protocol):
        name: str
        folder: Path
        base: str
        is_strict: bool


SPARK = EngineChoice(spark_master="local[2]")
STEP = int(os.environ.get("EMKG_SPARK_CASES", "6"))
BASE = "https://w3id.org/emkg/id/"
RECORDS = ("chemicals", "covid-updates", "earthquakes", "landslides", "weather-alert")


@pytest.fixture
def spark() -> Iterator[Engine]:
    with SPARK.open() as engine:
        yield engine


@pytest.mark.shared
@pytest.mark.parametrize("name", RECORDS)
def test_real_records_become_the_same_statements(
    name: str, checkout: Path, shared_dir: Path, tmp_path: Path
) -> None:
    written = []
    for engine, file in ((EngineChoice(), "duckdb"), (SPARK, "spark")):
        report = map_run(
            [checkout / f"mappings/real/{name}.yml"],
            tmp_path / f"{file}.nq",
            base=BASE,
            is_sorted=True,
            data_root=shared_dir / "data",
            engine=engine,
        )
        assert report.statements > 20
        written.append((report.out.read_bytes(), report.quarantine_csv.read_bytes(), report.statements))
    assert written[0] == written[1]


def _told(case: RmlCase, engine: Engine, file: Path) -> tuple[object, ...]:
    """The lines and the quarantine, or the error."""
    try:
        with (
            engine,
            run_mapping(
                parse_mapping(case.folder / "mapping.ttl"),
                dataset=case.name,
                base=case.base,
                strict=case.is_strict,
                engine=engine,
            ) as run,
        ):
            write_nquads(engine, [run.parts], file, is_sorted=True)
            return file.read_bytes(), run.quarantine().to_pylist()
    except EmkgError as error:
        return type(error), str(error)


@pytest.mark.shared
def test_official_cases_have_the_same_outcome(rml_cases: Sequence[RmlCase], tmp_path: Path) -> None:
    chosen = rml_cases[::STEP]
    assert len(chosen) > 30
    for case in chosen:
        expected = _told(case, Engine(), tmp_path / "duckdb.nq")
        assert _told(case, SPARK.open(), tmp_path / "spark.nq") == expected, case.name


def _on_both(
    spark: Engine, texts: Sequence[str], build: Callable[[ir.StringValue], ir.Value]
) -> list[object]:
    """What an expression gives for each text, the same on both engines."""
    answers = []
    with Engine() as duckdb:
        for engine in (duckdb, spark):
            table = engine.take(pa.table({"number": range(len(texts)), "text": list(texts)}))
            plan = table.select("number", value=build(table["text"])).order_by("number")
            answers.append(engine.fetch(plan)["value"].to_pylist())
    assert answers[0] == answers[1]
    return answers[0]


TEXTS = ("a", "a\n", "a\nb", "ab", "[", "&&", "é", "É", "İ", "K", " \u000b", "\u3000", "a b", "1.5", "", "x-y", "𠀀", "\r", "\u2028", "_", "雾")  # fmt: skip
PATTERNS = (
    "^a$", "a.b", "^.$", "[[]", "[&]", "[^[:alpha:]]", "[[:alpha:][:digit:]_]+", r"^\s+$", r"[\s]", r"\bb", "(?i)é",
    "(?i)k", r"^[^a-z&&]$", r"\pL", r"^\w$", r"\x{3000}|\x{20000}", "[]a]", "[^]a]", "(?P<letter>a)", r"^\S$", "a|b$", r"^[a\S]$", r"[^\S]", r"^[^\sa]+$", "(?si)^É.?$", "(?i:k)",
)  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_regular_expression_means_the_same(pattern: str, spark: Engine) -> None:
    found = _on_both(spark, TEXTS, lambda text: text.re_search(pattern))

    assert set(found) == {True, False}, java_regex(pattern)


MOMENTS = {
    "%Y-%m-%d": ("2020-01-02", " 2020-1-2 ", "2020-02-30", "20-1-1", "2020-001-2", "2020-1-2x", "99999-1-1", "2020- 1-2", ""),
    "%Y%m%d": ("20200102", "202011", "2020112"),
    "%Y年%m月%d日": ("2020年1月11日", "2020年13月1日", "二〇二〇年一月"),
    "%Y-%m-%dT%H:%M:%S.%gZ": ("2020-01-02T03:04:05.6Z", "2020-01-02T24:00:00.000Z", "2020-01-02T23:59:60.1Z", "2020-01-02T03:04:05.6789Z"),
    "%a %b %d %Y %H:%M:%S GMT+0000 (UTC)": ("Tue Mar 03 2020 04:05:06 GMT+0000 (UTC)", "tue MAR 3 2020 4:5:6 GMT+0000 (UTC)", "Xyz Mar 03 2020 04:05:06 GMT+0000 (UTC)"),
    "%d %B %y": ("5 march 68", "5 March 69", "5 Mar 69"),
    "%m/%d/%Y %I:%M:%S %p": ("12/31/2019 12:05:00 AM", "1/2/2020 1:02:03 pm", "1/2/2020 13:00:00 PM", "1/2/2020 0:00:00 AM"),
    "%Y-%m-%d %H:%M:%S.%f": ("2020-01-02 03:04:05.123456", "2020-01-02 03:04:05.1"),
}  # fmt: skip


@pytest.mark.parametrize("template", MOMENTS)
def test_a_moment_is_read_and_written_the_same(template: str, spark: Engine) -> None:
    texts = MOMENTS[template]

    found = _on_both(spark, texts, lambda text: try_strptime(text, template).strftime("%Y-%m-%dT%H:%M:%S.%g"))

    assert found[0] is not None
    assert len(texts) == len(found)


def test_what_spark_has_nothing_for_is_an_error_of_the_triples_map(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,day\n1,60\n", encoding="utf-8")
    mapping = tmp_path / "m.yml"
    mapping.write_text(
        "prefixes: {ex: 'http://e/', emf: 'https://w3id.org/emkg/function#'}\nmappings:\n  day:\n"
        "    sources: [['a.csv~csv']]\n    s: ex:$(id)\n    po:\n      - p: ex:day\n"
        "        o: {function: emf:parseDate, parameters: [[emf:value, $(day)], [emf:format, '%j']]}\n",
        encoding="utf-8",
    )
    with pytest.raises(MappingError, match=r"%j of a date format; run it with `--engine duckdb`") as raised:
        map_run([mapping], tmp_path / "o.nq", base=BASE, engine=SPARK)

    assert raised.value.location is not None
    assert (raised.value.location.file, raised.value.location.line) == (str(mapping), 3)


def test_a_run_on_spark_can_be_cancelled(spark: Engine, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,v\n1,2\n", encoding="utf-8")
    mapping = tmp_path / "m.yml"
    mapping.write_text(
        "prefixes: {ex: 'http://e/'}\nmappings:\n  one: {sources: [['a.csv~csv']], s: 'ex:$(id)', po: [[ex:v, $(v)]]}\n",
        encoding="utf-8",
    )
    cancelled = threading.Event()
    hooks = Hooks(progress=lambda _: cancelled.set(), cancelled=cancelled)

    with pytest.raises(CancelledError):
        run_mapping(parse_mapping(mapping), dataset="a/b", base=BASE, hooks=hooks, engine=spark)


def test_a_query_that_runs_is_interrupted(spark: Engine) -> None:
    numbers = ibis.range(0, 3_000_000).unnest().name("n").as_table()
    endless = numbers.cross_join(numbers.rename(m="n")).aggregate(
        most=lambda pair: (pair.n * pair.m % 7).sum()
    )
    cancelled = threading.Event()
    timer = threading.Timer(2.0, cancelled.set)
    timer.start()
    try:
        with pytest.raises(CancelledError), Hooks(cancelled=cancelled).interruptible(spark):
            spark.fetch(endless)
    finally:
        timer.cancel()


@pytest.mark.shared
def test_a_master_that_is_none_is_an_error_that_says_so_and_nothing_else(
    checkout: Path, shared_dir: Path, tmp_path: Path
) -> None:
    mapping = checkout / "mappings" / "real" / "divisions.yml"
    command = [sys.executable, "-m", "emkg", "map", "run", str(mapping), "--data", str(shared_dir / "data")]
    out, work = tmp_path / "o.nq", tmp_path / "work"
    work.mkdir()
    options = ["--engine", "spark", "--master", "nonsense", "--work", str(work), "-o", str(out)]

    done = subprocess.run([*command, *options], capture_output=True, encoding="utf-8", check=False)

    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "nonsense" in line
    assert list(tmp_path.rglob("*")) == [work]


def test_a_cluster_needs_a_folder_that_is_shared() -> None:
    with pytest.raises(InputError, match="--work FOLDER"):
        EngineChoice(spark_master="spark://127.0.0.1:1").open()
