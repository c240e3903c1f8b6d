"""The RML IO and IO registry suites: sources, of files and of real database servers."""

from __future__ import annotations

import csv
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from emkg.errors import DataError, EmkgError, MappingError, SourceError
from emkg.mapping import run_mapping
from emkg.mapping.fetched import fetched
from emkg.mapping.parse import parse_mapping
from emkg.rdf import IRI, BlankNode, Literal, Quad, canonical, parse_file, parse_term
from emkg.vocabulary import XSD

if TYPE_CHECKING:
    from typing import Protocol

    class Server(Protocol):
        dsn: str
        user: str

        def run(self, script: str) -> None: ...


TEST = "http://w3id.org/rml/test/"
BASE = "http://example.com/"
IO, REGISTRY = "rml-io", "rml-io-registry"
TARGETS = "RMLTTC"
SQL_SERVER = "RMLIOREGTC0006"

# What each must-fail case is about, reviewed by hand: the suites give no machine-readable reason.
ERRORS: dict[str, type[EmkgError]] = {
    "RMLSTC0010a": DataError,  # a row lacks cells
    "RMLSTC0010b": DataError,  # a row lacks cells
    "RMLIOREGTC0001b": SourceError,  # no such column
    "RMLIOREGTC0002b": DataError,  # a JSON reference that no item has
    "RMLIOREGTC0002c": SourceError,  # no JSONPath
    "RMLIOREGTC0003b": DataError,  # an XML reference that no item has
    "RMLIOREGTC0003c": SourceError,  # no XPath
    **{
        f"RMLIOREGTC000{database}{case}": SourceError
        for database in (4, 5)
        for case in "begijm"  # no such table or column, or no SQL
    },
    "RMLIOREGTC0004d": SourceError,  # no such table
    "RMLIOREGTC0005d": DataError,  # a NULL in the subject's template
    "RMLIOREGTC0004h": SourceError,  # quotes that are not MySQL's around names
    "RMLIOREGTC0005c": SourceError,  # no such table
    "RMLIOREGTC0005h": MappingError,  # MySQL's driver with PostgreSQL's address
}
_NO_NULL = "EMKG takes an empty CSV cell for no value, also where the source declares no rml:null; expected are empty literals"
_PLAIN = "the file is fetched and mapped; its JSON numbers are expected as plain literals, against the natural mapping of RML core"
_SPARQL = "SPARQL results are no reference formulation of EMKG"
_NO_TURTLE = "the mapping is no Turtle (a prefix that ends with a semicolon)"
_UNTYPED = "an INTEGER column is expected to give a plain literal, against the natural datatypes that the suite's other cases expect"
_NO_COLUMN = "the query names a column that the table does not have, and no error is expected"
# Cases that EMKG does not pass, each with its reason.
KNOWN = {
    "RMLSTC0003": _SPARQL,
    "RMLSTC0004a": _NO_NULL,
    "RMLIOREGTC0003d": "the mapping's namespace is http://example.org, the document's http://example.org/",
    "RMLIOREGTC0004k": _UNTYPED,
    "RMLIOREGTC0004l": _NO_COLUMN,
    "RMLIOREGTC0005k": _NO_COLUMN,
    "RMLIOREGTC0005l": _NO_COLUMN,
    "RMLIOREGTC0007a": _PLAIN,
    "RMLIOREGTC0008a": _PLAIN,
    "RMLIOREGTC0009a": _NO_TURTLE,
    "RMLIOREGTC0010a": _NO_TURTLE,
    "RMLIOREGTC0011a": _SPARQL,
    "RMLIOREGTC0012h": _NO_NULL,
    "RMLIOREGTC0012i": "the mapping refers to the column ID, the file has id, and the output is that of another mapping",
}
# Marked as failing, yet with an output: the output is what counts.
DOUBTFUL = frozenset({"RMLSTC0009a"})
# Their files are on the Web; here a proxy gives what lies in the case's folder.
ON_THE_WEB = frozenset({"RMLIOREGTC0007a", "RMLIOREGTC0008a", "RMLIOREGTC0012a"})
WEB_HOST = "w3id.org"
# A row with values and an empty key is reported, where RML drops it in silence: they pass without --strict.
LENIENT = frozenset({"RMLIOREGTC0004c", "RMLIOREGTC0012b"})


@dataclass(frozen=True)
class IoCase:
    name: str
    suite: str
    folder: Path
    must_fail: bool

    @property
    def expected(self) -> Path:
        names = ("default.nq", "output.nq")
        return next(self.folder / name for name in names if (self.folder / name).exists())

    @property
    def server(self) -> str:
        kinds = {"RMLIOREGTC0004": "mysql", "RMLIOREGTC0005": "postgresql", "RMLSTC0006a": "postgresql"}
        return next((kind for start, kind in kinds.items() if self.name.startswith(start)), "")


def find_cases() -> list[IoCase]:
    named = os.environ.get("SHARED_DIR")
    checkout = Path(__file__).resolve().parents[3]
    suites = (Path(named) if named else checkout.parent / "shared") / "suites"
    return [case for suite in (IO, REGISTRY) for case in _cases(suites, suite)] if suites.is_dir() else []


def _cases(suites: Path, suite: str) -> list[IoCase]:
    root = suites / suite / "test-cases"
    values: dict[tuple[str, str], str] = {}
    for quad in parse_file(root / "manifest.ttl"):
        if isinstance(quad.subject, IRI) and isinstance(quad.object, IRI | Literal):
            values[quad.subject.value, quad.predicate.value] = quad.object.value
    names = {s: name for (s, predicate), name in values.items() if predicate.endswith("/terms/identifier")}
    return [
        IoCase(
            name, suite, root / name, values[subject, TEST + "hasError"] == "true" and name not in DOUBTFUL
        )
        for subject, name in sorted(names.items(), key=lambda item: item[1])
        if (root / name).is_dir() and not name.startswith(TARGETS)
    ]


def _parameters() -> list[object]:
    made: list[object] = []
    for case in find_cases():
        if case.name.startswith(SQL_SERVER):
            continue
        known = KNOWN.get(case.name)
        marks = [pytest.mark.xfail(reason=known, strict=True)] if known else []
        made.append(pytest.param(case, id=case.name, marks=marks))
    return made or [pytest.param(None, id="absent")]


def _quad(row: dict[str, str | None]) -> Quad:
    subject, predicate, value = (parse_term(row[name] or "") for name in "spo")
    graph = parse_term(row["g"]) if row["g"] else None
    assert isinstance(subject, IRI | BlankNode)
    assert isinstance(predicate, IRI)
    assert graph is None or isinstance(graph, IRI | BlankNode)
    return Quad(subject, predicate, value, graph)


def _outcome(case: IoCase, mapping: Path) -> tuple[str, ...]:
    with (
        fetched(parse_mapping(mapping), {WEB_HOST}) as here,
        run_mapping(here, dataset=case.name, base=BASE, strict=case.name not in LENIENT) as run,
    ):
        return canonical(_quad(row) for row in run.statements().read_all().to_pylist())


def _with_server(case: IoCase, server: Server, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Load the case's data, and write its mapping with the server's address in it."""
    script = case.folder / "resource.sql"
    server.run(_script(case, script) if script.exists() else _table_of(case.folder / "Friends.csv"))
    for name, value in (("CONNECTIONDSN", server.dsn), ("USERNAME", server.user), ("PASSWORD", "")):
        monkeypatch.setenv(name, value)
    text = (case.folder / "mapping.ttl").read_text(encoding="utf-8")
    mapping = folder / "mapping.ttl"
    mapping.write_text(text.replace('"CONNECTIONDSN"', f'"{server.dsn}"'), encoding="utf-8")
    return mapping


def _script(case: IoCase, path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    is_misplaced = case.server == "postgresql" and "USE test;" in text  # one case holds MySQL's script
    return text.replace("USE test;", "").replace("test.", "") if is_misplaced else text


def _table_of(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    kinds = ["INTEGER" if all(map(str.isdigit, cells)) else "TEXT" for cells in zip(*rows, strict=True)]
    names = ", ".join(f'"{name}" {kind}' for name, kind in zip(header, kinds, strict=True))
    values = ", ".join("(" + ", ".join(f"'{cell}'" for cell in row) + ")" for row in rows)
    return f'DROP TABLE IF EXISTS "Friends"; CREATE TABLE "Friends" ({names}); INSERT INTO "Friends" VALUES {values}'  # noqa: S608 - the suite's own data


@pytest.mark.shared
@pytest.mark.parametrize("io_case", _parameters())
def test_a_case_of_the_suite(
    io_case: IoCase,
    shared_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    assert io_case.folder.is_relative_to(shared_dir)
    mapping = io_case.folder / "mapping.ttl"
    if io_case.server:
        server = request.getfixturevalue(f"{io_case.server}_server")
        mapping = _with_server(io_case, server, tmp_path, monkeypatch)
    if io_case.name in ON_THE_WEB:
        monkeypatch.setenv("http_proxy", request.getfixturevalue("served")(io_case.folder))
        monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.chdir(io_case.folder)  # what rml:CurrentWorkingDirectory means there
    if io_case.must_fail:
        with pytest.raises(ERRORS[io_case.name]):
            _outcome(io_case, mapping)
    else:
        assert _outcome(io_case, mapping) == canonical(
            map(_with_canonical_double, parse_file(io_case.expected))
        )


def _with_canonical_double(quad: Quad) -> Quad:
    """The suites write doubles as 30.0, the natural mapping as 3.0E1; the value is the same."""
    value = quad.object
    if not isinstance(value, Literal) or value.datatype != XSD + "double":
        return quad
    mantissa, exponent = f"{float(value.value):.15E}".split("E")
    digits = mantissa.rstrip("0")
    return replace(
        quad, object=replace(value, value=f"{digits}{'0' if digits.endswith('.') else ''}E{int(exponent)}")
    )


@pytest.mark.shared
def test_every_sql_server_case_can_be_compiled(shared_dir: Path) -> None:
    assert shared_dir.is_dir()
    cases = [case for case in find_cases() if case.name.startswith(SQL_SERVER)]
    assert len(cases) == 25
    for case in cases:
        assert parse_mapping(case.folder / "mapping.ttl").triples_maps


@pytest.mark.shared
def test_the_documented_numbers_are_those_of_the_suites(shared_dir: Path, checkout: Path) -> None:
    assert shared_dir.is_dir()
    text = (checkout / "docs/conformance-rml.md").read_text(encoding="utf-8")
    run = [case for case in find_cases() if not case.name.startswith(SQL_SERVER)]
    assert {case.name for case in run if case.must_fail} == set(ERRORS)
    for suite in (IO, REGISTRY):
        cases = [case for case in run if case.suite == suite]
        passed = [case for case in cases if case.name not in KNOWN]
        failing = sum(case.must_fail for case in passed)
        row = re.search(rf"^\| `{suite}` \|(.*)\|$", text, re.MULTILINE)
        assert row is not None
        numbers = [int(cell) for cell in row.group(1).split("|")]
        assert numbers == [len(cases), len(passed) - failing, failing, len(cases) - len(passed)]
    assert all(name in text for name in KNOWN)
