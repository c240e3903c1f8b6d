"""The SPARQL 1.1 suite, from its manifests: queries, results in four formats, syntax; updates are run by test_sparql_update.py."""

from __future__ import annotations

import csv
import io
import os
import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pyarrow as pa
import pyoxigraph as ox
import pytest

from emkg.errors import QueryRefusedError, QuerySyntaxError
from emkg.ledger import Activity, Ledger
from emkg.plan import (
    Dataset,
    Evaluator,
    FallbackEvaluator,
    PoolLimits,
    QueryLimits,
    QueryResult,
    ResultFormat,
)
from emkg.plan.sparql import parse_query, parse_update
from emkg.rdf import IRI, BlankNode, Literal, Quad, Term, canonical, parse_file, parse_term, parse_text
from emkg.rdf.relation import STATEMENTS_SCHEMA
from emkg.vocabulary import RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

BASE = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"

# Cases that are not passed, each with its reason.
KNOWN: dict[str, str] = {
    "functions/bnode01": "BNODE of a string has no plan, and the fallback gives the same node in different solutions",
}
# Evaluation cases that have no plan: the fallback answers them.
NOT_COMPILED = {
    "functions/bnode01": "BNODE of a text",
    "functions/sha384-01": "SHA384 has no plan",
    "functions/sha384-02": "SHA384 has no plan",
    "functions/sha512-01": "SHA512 has no plan",
    "functions/sha512-02": "SHA512 has no plan",
}
# Kinds of entries that this module does not run, each with its reason; docs/conformance-sparql.md counts them.
APART = {
    "entailment": "entailment is materialised by EMKG's own rules before a query is asked, and no regime can be chosen",
    "graph-store-protocol": "there is no Graph Store Protocol yet",
    "http-rdf-update": "there is no Graph Store Protocol yet",
    "protocol": "run by test_sparql_protocol.py",
    "service-description": "run by test_sparql_protocol.py",
}
FORMATS = {
    ".srx": ResultFormat.XML,
    ".srj": ResultFormat.JSON,
    ".csv": ResultFormat.CSV,
    ".tsv": ResultFormat.TSV,
}
WHOLE = {XSD + name for name in ("integer", "int", "long", "short", "byte", "nonNegativeInteger")}
FLOATING = {XSD + "double", XSD + "float"}

Row: TypeAlias = "dict[str, Term]"
Outcome: TypeAlias = "bool | tuple[str, ...]"


@dataclass(frozen=True)
class Case:
    """One entry of a manifest; files are named by their IRIs."""

    name: str
    kind: str
    query: str
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    result: str = ""

    @property
    def folder(self) -> str:
        return self.name.partition("/")[0]

    @property
    def group(self) -> str:
        """What happens to it, as docs/conformance-sparql.md counts it."""
        if self.folder in APART:
            return "apart"
        if self.query.endswith(".ru"):
            return "update"
        return "service" if self.folder in {"service", "syntax-fed"} else "query"


def _suite() -> Path:
    named = os.environ.get("SHARED_DIR")
    folder = Path(named) if named else Path(__file__).resolve().parents[3] / "shared"
    return folder.resolve() / "suites" / "sparql11"


def _path(iri: str) -> Path:
    return _suite() / iri.removeprefix(BASE)


def _cases(manifest: Path) -> Iterator[Case]:
    folder = manifest.parent.name
    values: dict[tuple[Term, str], list[Term]] = {}
    for quad in parse_file(manifest, base=f"{BASE}{folder}/manifest"):
        values.setdefault((quad.subject, quad.predicate.value), []).append(quad.object)

    def iris(subject: Term, *predicates: str) -> tuple[str, ...]:
        found = [term for predicate in predicates for term in values.get((subject, predicate), ())]
        return tuple(term.value for term in found if isinstance(term, IRI))

    for (entry, predicate), kinds in values.items():
        if predicate == RDF + "type" and isinstance(entry, IRI) and isinstance(kinds[0], IRI):
            kind = kinds[0].value.removeprefix(MF)
            if kind.endswith("Manifest"):
                continue
            action = values.get((entry, MF + "action"), [entry])[0]
            queries = iris(action, QT + "query", UT + "request") or iris(entry, MF + "action")
            yield Case(
                name=f"{folder}/{entry.value.rpartition('#')[2]}",
                kind=kind,
                query=queries[0] if queries else "",
                default=iris(action, QT + "data"),
                named=iris(action, QT + "graphData"),
                result=next(iter(iris(entry, MF + "result")), ""),
            )


def _all() -> list[Case]:
    return [case for manifest in sorted(_suite().glob("*/manifest.ttl")) for case in _cases(manifest)]


def _parameters() -> list[object]:
    return [
        pytest.param(
            case,
            id=case.name,
            marks=[pytest.mark.xfail(reason=KNOWN[case.name], strict=True)] if case.name in KNOWN else [],
        )
        for case in _all()
        if case.group in {"query", "service"}
    ] or [pytest.param(None, id="suite-absent")]


def _statements(iri: str, scope: int) -> pa.Table:
    """A file's statements; blank nodes of different files are kept apart."""

    def text(term: Term) -> str:
        return f"_:f{scope}{term.value}" if isinstance(term, BlankNode) else str(term)

    rows = [
        (text(quad.subject), text(quad.predicate), text(quad.object), None)
        for quad in parse_file(_path(iri), base=iri)
    ]
    columns = list(zip(*rows, strict=True)) or [()] * 4
    return pa.table([pa.array(column, pa.string()) for column in columns], schema=STATEMENTS_SCHEMA)


@pytest.fixture(scope="module")
def evaluator(shared_dir: Path) -> Iterator[Evaluator]:
    """One evaluator over one ledger that holds every data file of the suite as a graph."""
    assert shared_dir.is_dir()
    files = sorted({iri for case in _all() if case.group == "query" for iri in (*case.default, *case.named)})
    with Ledger.open(None) as ledger:
        graphs = {iri: _statements(iri, scope) for scope, iri in enumerate(files)}
        with ledger.stage(graphs) as staged:
            staged.commit(Activity("suite"))
        limits = QueryLimits(timeout_s=20)
        fallback = FallbackEvaluator(ledger, limits, PoolLimits(memory_bytes=512 << 20))
        evaluator = Evaluator(ledger, fallback, limits)
        yield evaluator
        evaluator.close()


@pytest.mark.shared
@pytest.mark.parametrize("case", _parameters())
def test_a_case_of_the_suite(case: Case | None, evaluator: Evaluator) -> None:
    assert case is not None, "the shared data holds no suites/sparql11"
    text = f"BASE <{case.query}>\n" + _path(case.query).read_text(encoding="utf-8")
    dataset = None if re.search(r"\bFROM\b", text) else Dataset(case.default, case.named)
    if case.group == "service":
        with pytest.raises((QueryRefusedError, QuerySyntaxError)):
            evaluator.query(text, dataset=dataset)
    elif case.kind == "NegativeSyntaxTest11":
        with pytest.raises(QuerySyntaxError):
            evaluator.query(text, dataset=dataset)
    elif case.kind == "PositiveSyntaxTest11":
        with suppress(QueryRefusedError):  # an unknown function is no fault of syntax
            evaluator.query(text, dataset=dataset)
    else:
        assert evaluator.compile(text, dataset=dataset).reason == NOT_COMPILED.get(case.name, "")
        result_format = FORMATS.get(Path(case.result).suffix)
        result = evaluator.query(text, result_format=result_format, dataset=dataset)
        is_ordered = bool(re.search(r"\border\s+by\b", text.rpartition("}")[2], re.IGNORECASE))
        assert _found(result, is_ordered=is_ordered) == _expected(case, is_ordered=is_ordered)


def _found(result: QueryResult, *, is_ordered: bool) -> Outcome:
    if result.format is ResultFormat.CSV:
        return _csv(result.content.decode())
    if result.format.is_graph:
        return _graph(parse_text(result.content.decode(), result.format.value))
    found = ox.parse_query_results(result.content, ox.QueryResultsFormat.from_media_type(result.format.value))
    return _outcome(found, is_ordered=is_ordered)


def _expected(case: Case, *, is_ordered: bool) -> Outcome:
    path = _path(case.result)
    if path.suffix == ".csv":
        return _csv(path.read_text(encoding="utf-8"))
    if path.suffix in {".ttl", ".rdf"}:
        quads = list(parse_file(path, base=case.result))
        is_table = any(quad.object == IRI(RS + "ResultSet") for quad in quads)
        return _described(quads) if is_table else _graph(quads)
    media_type = FORMATS[path.suffix].value
    found = ox.parse_query_results(path.read_bytes(), ox.QueryResultsFormat.from_media_type(media_type))
    return _outcome(found, is_ordered=is_ordered)


def _outcome(found: ox.QuerySolutions | ox.QueryBoolean, *, is_ordered: bool) -> Outcome:
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    names = [variable.value for variable in found.variables]
    rows = [{name: parse_term(str(row[name])) for name in names if row[name] is not None} for row in found]
    return _table(names, rows, is_ordered=is_ordered)


def _csv(text: str) -> Outcome:
    """CSV keeps values and blank nodes, no datatypes."""
    names, *lines = csv.reader(io.StringIO(text))
    rows: list[Row] = [
        {
            name: BlankNode(cell.removeprefix("_:")) if cell.startswith("_:") else Literal(cell)
            for name, cell in zip(names, line, strict=True)
        }
        for line in lines
    ]
    return _table(names, rows, is_ordered=False)


def _described(quads: Iterable[Quad]) -> Outcome:
    """A table that is itself described in RDF."""
    values: dict[Term, dict[str, list[Term]]] = {}
    for quad in quads:
        name = quad.predicate.value.removeprefix(RS)
        values.setdefault(quad.subject, {}).setdefault(name, []).append(quad.object)
    (table,) = (found for found in values.values() if "resultVariable" in found)
    rows = [
        {
            _text(values[cell]["variable"][0]): values[cell]["value"][0]
            for cell in values[row].get("binding", ())
        }
        for row in table.get("solution", ())
    ]
    return _table([_text(name) for name in table["resultVariable"]], rows, is_ordered=False)


def _text(term: Term) -> str:
    assert isinstance(term, Literal)
    return term.value


def _table(names: Iterable[str], rows: Iterable[Row], *, is_ordered: bool) -> tuple[str, ...]:
    """A multiset (or sequence) of solutions, equal up to blank nodes, as canonical lines."""
    kept = [tuple(sorted((name, _plain(term)) for name, term in row.items())) for row in rows]
    counted = enumerate(kept) if is_ordered else ((count, row) for row, count in Counter(kept).items())
    quads = [Quad(IRI("http://table"), IRI("http://name/" + name), Literal("")) for name in names]
    for at, (number, row) in enumerate(counted):
        node = BlankNode(f"row{at}")
        quads.append(Quad(node, IRI("http://number"), Literal(str(number))))
        quads += [Quad(node, IRI("http://cell/" + name), term) for name, term in row]
    return canonical(quads)


def _graph(quads: Iterable[Quad]) -> tuple[str, ...]:
    return canonical(replace(quad, object=_plain(quad.object)) for quad in quads)


def _plain(term: Term) -> Term:
    """The term, numbers by their value: the evaluator gives them in canonical form."""
    if isinstance(term, BlankNode):
        return BlankNode("b" + term.value)
    if not isinstance(term, Literal):
        return term
    try:
        return replace(term, value=_CANONICAL.get(term.datatype, str)(term.value))
    except (ValueError, ArithmeticError):
        return term


_CANONICAL: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(WHOLE, lambda text: str(int(text))),
    **dict.fromkeys(FLOATING, lambda text: str(float(text))),
    XSD + "boolean": lambda text: {"0": "false", "1": "true"}.get(text, text),
    XSD + "decimal": lambda text: str(Decimal(text).normalize()),
}


@pytest.mark.shared
@pytest.mark.parametrize(
    "case", [pytest.param(case, id=case.name) for case in _all() if "SyntaxTest" in case.kind]
)
def test_the_parser_judges_syntax_as_the_suite_does(case: Case) -> None:
    parse = parse_update if "Update" in case.kind else parse_query
    text = _path(case.query).read_text(encoding="utf-8")
    if case.kind.startswith("Negative"):
        with pytest.raises(QuerySyntaxError):
            parse(text, base=case.query)
    else:
        parse(text, base=case.query)


@pytest.mark.shared
def test_the_documented_numbers_are_those_of_the_suite(shared_dir: Path, checkout: Path) -> None:
    assert shared_dir.is_dir()
    documented = (checkout / "docs/conformance-sparql.md").read_text(encoding="utf-8")
    cases = _all()

    assert set(KNOWN) <= {case.name for case in cases}
    assert all(name in documented for name in KNOWN)
    for folder in sorted({case.folder for case in cases}):
        here = [case for case in cases if case.folder == folder]
        groups = Counter(case.group for case in here)
        known = sum(case.name in KNOWN for case in here)
        counts = (
            len(here),
            groups["query"] + groups["update"] - known,
            known,
            groups["service"],
            groups["apart"],
        )
        assert f"| `{folder}` | {' | '.join(map(str, counts))} |" in documented, (folder, counts)
