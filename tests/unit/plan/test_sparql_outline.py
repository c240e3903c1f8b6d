"""What a query can touch: never too little; everything where the text is unclear."""

from __future__ import annotations

import time
import warnings
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath
from rdflib.plugins.sparql.algebra import translateQuery, traverse
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import URIRef

from emkg.errors import QueryRefusedError, QuerySyntaxError
from emkg.plan import QueryKind, Touched, outline, touched
from emkg.vocabulary import RDF, RDF_TYPE

if TYPE_CHECKING:
    from pathlib import Path

PREFIX = "PREFIX e: <http://e/>\n"


@pytest.mark.parametrize(
    ("pattern", "predicates"),
    [
        ("?s e:p ?o", {"http://e/p"}),
        ("?s a e:C ; e:p 'x'@zh, -5 ; <http://f/q> ?o .", {RDF_TYPE, "http://e/p", "http://f/q"}),
        ("?s ^e:p/(e:q|e:r)+ ?o", {"http://e/p", "http://e/q", "http://e/r"}),
        ("?s e:p [ e:q 1 ; e:r ?x ] . [] e:s true .", {f"http://e/{name}" for name in "pqrs"}),
        ("?s e:p (1 ?x)", {"http://e/p", RDF + "first", RDF + "rest"}),
        ("?s e:p ?o OPTIONAL { ?o e:q ?x } MINUS { ?s e:r ?x }", {f"http://e/{name}" for name in "pqr"}),
        ("{ ?s e:p ?o } UNION { ?s e:q ?o }", {"http://e/p", "http://e/q"}),
        ("?s e:p ?o FILTER(?o > 3 && NOT EXISTS { ?s e:q ?o })", {"http://e/p", "http://e/q"}),
        ("?s e:p ?o FILTER EXISTS { ?s e:q ?o }", {"http://e/p", "http://e/q"}),
        ("?s e:p ?o BIND(CONCAT(STR(?o), ')') AS ?x) VALUES (?o ?x) { (1 UNDEF) }", {"http://e/p"}),
        ("{ SELECT ?s (COUNT(?o) AS ?n) { ?s e:p ?o } GROUP BY ?s HAVING(?n > 1) }", {"http://e/p"}),
        ("?s e:p/e:q* ?o", {"http://e/p", "http://e/q"}),
        ("?s e:p ?o . ?o e:q* ?x", {"http://e/p", "http://e/q"}),
        ("?s e:q? e:constant", {"http://e/q"}),
        ("?s e:a\\-b ?o # ?s ?p ?o\n", {"http://e/a-b"}),
        ("?s e:p '''{ ?s ?p ?o '''^^e:type", {"http://e/p"}),
    ],
)
def test_only_the_predicates_of_the_patterns_are_touched(pattern: str, predicates: set[str]) -> None:
    text = f"{PREFIX}SELECT * WHERE {{ {pattern} }} ORDER BY ?s LIMIT 3"

    found = touched(text)

    assert found == Touched(frozenset(predicates), None if "?" in pattern or "[" in pattern else found.graphs)


@pytest.mark.parametrize(
    "pattern",
    [
        "?s ?p ?o",
        "?s !e:p ?o",
        "?s !(e:p|^e:q) ?o",
        "?s e:q* ?o",
        "?s (e:p|e:q?) ?o",
        "GRAPH ?g { }",
    ],
)
def test_every_predicate_is_touched_where_the_pattern_does_not_name_them(pattern: str) -> None:
    assert touched(f"{PREFIX}SELECT * WHERE {{ {pattern} }}").predicates is None


@pytest.mark.parametrize(
    "pattern",
    [
        "?s unknown:p ?o",
        "?s e:p ?o } trailing",
        "<< ?s e:p ?o >> e:q 1",
        "?s e:p",
        "'literal' 5 ?o",
        "true.e:s e:q 1",
    ],
)
def test_what_does_not_parse_is_a_located_error(pattern: str) -> None:
    with pytest.raises(QuerySyntaxError, match="query:2:"):
        touched(f"{PREFIX}SELECT * WHERE {{ {pattern} }}")


def test_a_relative_iri_is_that_of_the_base() -> None:
    assert touched("SELECT * { ?s <p> ?o }").predicates == {"https://w3id.org/emkg/p"}


def test_only_graphs_that_are_named_are_touched() -> None:
    inside = touched(PREFIX + "SELECT * { GRAPH e:g { ?s e:p ?o } }")
    outside = touched(PREFIX + "SELECT * { GRAPH e:g { ?s e:p ?o } ?s e:q ?o }")
    variable = touched(PREFIX + "SELECT * { GRAPH ?g { ?s e:p ?o } }")
    dataset = touched(PREFIX + "ASK FROM e:g FROM NAMED <http://e/h> { ?s e:p ?o }")

    assert inside.graphs == {"http://e/g"}
    assert (outside.graphs, variable.graphs) == (None, None)
    assert dataset.graphs == {"http://e/g", "http://e/h"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("SELECT * {}", QueryKind.SELECT),
        ("BASE <http://e/> ask { }", QueryKind.ASK),
        ("PREFIX select: <http://e/> CONSTRUCT { ?s ?p ?o } WHERE { ?s select:p ?o }", QueryKind.CONSTRUCT),
        ("DESCRIBE <http://e/s>", QueryKind.DESCRIBE),
    ],
)
def test_the_query_form_is_seen(text: str, kind: QueryKind) -> None:
    assert outline(text).kind is kind


def test_a_template_is_not_touched() -> None:
    found = touched(PREFIX + "CONSTRUCT { ?s ?p ?o } WHERE { ?s e:p ?o } VALUES ?s { e:s }")

    assert found.predicates == {"http://e/p"}


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * {\n SERVICE <http://elsewhere/> { ?s ?p ?o } }",
        "SELECT * {\n service SILENT ?x { } }",
        "SELECT * {\n \\u0053ERVICE ?x { } }",
    ],
)
def test_service_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(QueryRefusedError) as caught:
        outline(text)

    assert str(caught.value).startswith("query:2:2: SERVICE")


@pytest.mark.parametrize(
    "update", ["INSERT DATA { }", "LOAD SILENT <http://e/>", "PREFIX e: <http://e/> CLEAR ALL"]
)
def test_updates_are_refused(update: str) -> None:
    with pytest.raises(QueryRefusedError, match="is an update"):
        outline(update)


def test_a_word_in_a_name_or_a_string_is_not_a_keyword() -> None:
    text = "PREFIX e: <http://e/> SELECT * { ?service e:service 'SERVICE' }"

    assert touched(text).predicates == {"http://e/service"}


@pytest.mark.parametrize(
    "unit", ["a.", "a-a.", '"\\', "'\\", '"""a', "<a", ":a..", "_:a.", "(", "{", "@a-", "1.1"]
)
def test_a_hostile_text_is_read_in_linear_time(unit: str) -> None:
    text = "SELECT * { " + unit * (60_000 // len(unit))
    started = time.process_time()

    with suppress(QuerySyntaxError):
        outline(text)

    quadratic_s = 20.0  # what a reader that looks back took, on less text
    assert time.process_time() - started < quadratic_s / 2


def test_a_text_of_too_many_tokens_is_refused() -> None:
    with pytest.raises(QueryRefusedError, match="more than 100000 words"):
        outline("SELECT * { VALUES ?x {" + "1 " * 100_001 + "} }")


@pytest.mark.parametrize("end", ["true.?t e:q ?u", "true . ?t e:q ?u", "'a'.e:s e:q ?u"])
def test_a_word_ends_where_a_triple_does(end: str) -> None:
    found = touched(PREFIX + "SELECT * { ?s e:p " + end + " }")

    assert found.predicates is None or found.predicates == {"http://e/p", "http://e/q"}


def _predicates(path: object) -> set[str | None]:
    match path:
        case URIRef():
            return {str(path)}
        case InvPath():
            return _predicates(path.arg)
        case MulPath():
            return _predicates(path.path)
        case SequencePath() | AlternativePath():
            return set().union(*(_predicates(part) for part in path.args))
        case _:
            return {None}


def _read_by_another_parser(text: str) -> set[str | None] | None:
    found: set[str | None] = set()

    def visit(node: object) -> None:
        if isinstance(node, CompValue) and node.name == "BGP":
            found.update(*(_predicates(triple[1]) for triple in node.triples))

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            traverse(translateQuery(parseQuery(text), base="http://e/").algebra, visitPre=visit)
    except Exception:  # noqa: BLE001  (the other parser does not read every query of the suite)
        return None
    return found


@pytest.mark.shared
def test_nothing_that_a_query_of_the_official_suite_reads_is_missed(shared_dir: Path) -> None:
    compared = 0
    for file in sorted((shared_dir / "suites" / "sparql11").glob("*/*.rq")):
        text = file.read_text(encoding="utf-8")
        expected = _read_by_another_parser(text)
        if expected is None or "SERVICE" in text.upper():
            continue
        with suppress(QuerySyntaxError):
            named = touched(text).predicates
            compared += 1
            assert named is None or expected <= named, file.name
    assert compared > 300
