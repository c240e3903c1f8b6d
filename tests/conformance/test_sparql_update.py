"""The SPARQL 1.1 Update suite, from its manifests: each case in a ledger of its own, which stays sound."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from emkg.errors import QuerySyntaxError
from emkg.ledger import PROVENANCE_GRAPH, Activity, Ledger
from emkg.plan import DEFAULT_GRAPH, Updater
from emkg.rdf import IRI, BlankNode, Quad, Term, canonical, parse_file, parse_term
from emkg.rdf.relation import STATEMENTS_SCHEMA
from emkg.vocabulary import RDF_TYPE, RDFS_LABEL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BASE = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"

Graphs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Case:
    """An entry of a manifest: the request, and the graphs (name, file) before and after."""

    name: str
    kind: str
    request: str
    before: Graphs
    after: Graphs


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

    def one(subject: Term, predicate: str) -> Term:
        return values[subject, predicate][0]

    def graphs(state: Term) -> Graphs:
        default = [(DEFAULT_GRAPH, file.value) for file in values.get((state, UT + "data"), ())]
        named = [
            (one(node, RDFS_LABEL).value, one(node, UT + "graph").value)
            for node in values.get((state, UT + "graphData"), ())
        ]
        return (*default, *named)

    for (entry, predicate), kinds in values.items():
        kind = kinds[0].value.removeprefix(MF)
        if predicate == RDF_TYPE and kind.endswith(("EvaluationTest", "SyntaxTest11")):
            action = one(entry, MF + "action")
            name = f"{folder}/{entry.value.rpartition('#')[2]}"
            if kind == "UpdateEvaluationTest":
                request = one(action, UT + "request").value
                yield Case(name, kind, request, graphs(action), graphs(one(entry, MF + "result")))
            elif action.value.endswith(".ru"):
                yield Case(name, kind, action.value, (), ())


def _all() -> list[Case]:
    return [case for manifest in sorted(_suite().glob("*/manifest.ttl")) for case in _cases(manifest)]


def _statements(graphs: Graphs) -> dict[str, pa.Table]:
    """The files of each graph; blank nodes of one label in different files are different ones."""
    rows: dict[str, list[dict[str, str]]] = {}
    for scope, (name, file) in enumerate(graphs):
        rows.setdefault(name, [])
        for quad in parse_file(_path(file), base=file):
            terms = {"s": quad.subject, "p": quad.predicate, "o": quad.object}
            rows[name].append({place: _scoped(term, scope) for place, term in terms.items()})
    return {name: pa.Table.from_pylist(own, schema=STATEMENTS_SCHEMA) for name, own in rows.items()}


def _scoped(term: Term, scope: int) -> str:
    return f"_:f{scope}{term.value}" if isinstance(term, BlankNode) else str(term)


def _canonical(rows: Iterable[tuple[str, str, str, str]]) -> tuple[str, ...]:
    def plain(text: str) -> Term:
        term = parse_term(text)
        return BlankNode("b" + term.value) if isinstance(term, BlankNode) else term

    quads = []
    for s, p, o, g in rows:
        subject, predicate, graph = plain(s), parse_term(p), parse_term(g)
        assert isinstance(subject, IRI | BlankNode)
        assert isinstance(predicate, IRI)
        assert isinstance(graph, IRI)
        quads.append(Quad(subject, predicate, plain(o), graph))
    return canonical(quads)


def _rows(tables: dict[str, pa.Table]) -> list[tuple[str, str, str, str]]:
    return [
        (row["s"], row["p"], row["o"], str(IRI(name)))
        for name, table in tables.items()
        for row in table.to_pylist()
    ]


def _found(ledger: Ledger) -> list[tuple[str, str, str, str]]:
    rows = ledger.statements().read_all().to_pylist()
    return [tuple(row[place] for place in "spog") for row in rows if row["g"] != str(IRI(PROVENANCE_GRAPH))]


@pytest.mark.shared
@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in _all()])
def test_an_update_leaves_what_the_suite_expects(case: Case) -> None:
    text = f"BASE <{case.request}>\n" + _path(case.request).read_text(encoding="utf-8")
    before = _statements(case.before)
    with Ledger.open(None) as ledger:
        with ledger.stage(before) as staged:
            staged.commit(Activity("suite"))
        generation = ledger.generation
        if case.kind == "UpdateEvaluationTest":
            commit = Updater(ledger).run(text)

            assert _canonical(_found(ledger)) == _canonical(_rows(_statements(case.after)))
            assert commit.generation == ledger.generation <= generation + 1
        elif case.kind.startswith("Negative"):
            with pytest.raises(QuerySyntaxError):
                Updater(ledger).run(text)
            assert ledger.generation == generation
        assert ledger.check().flaws == ()


@pytest.mark.shared
def test_the_documented_number_is_that_of_the_suite(shared_dir: Path, checkout: Path) -> None:
    assert shared_dir.is_dir()
    documented = (checkout / "docs/conformance-sparql.md").read_text(encoding="utf-8")
    kinds = Counter(case.kind for case in _all())
    evaluated = kinds.pop("UpdateEvaluationTest")

    assert f"{evaluated} evaluation cases and {kinds.total()} of syntax" in documented
