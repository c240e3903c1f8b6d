from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from emkg.errors import (
    NotFoundError,
    QueryRefusedError,
    QuerySyntaxError,
    QueryTimeoutError,
    ResultTooLargeError,
)
from emkg.ledger import PROVENANCE_GRAPH, Activity, Ledger
from emkg.plan import DEFAULT_GRAPH, UpdateLimits, Updater
from emkg.rdf import IRI
from emkg.vocabulary import FUNCTION

if TYPE_CHECKING:
    from collections.abc import Iterator

Quads = set[tuple[str, str, str, str]]

E = "http://e/"
START = """PREFIX : <http://e/>
INSERT DATA { GRAPH :g { :a :p 1 , 2 . :b :p "007"^^<http://www.w3.org/2001/XMLSchema#integer> } GRAPH :h { :a :q :b } }"""


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    with Ledger.open(None) as opened:
        Updater(opened).run(START)
        yield opened


def _quads(ledger: Ledger, *, as_of: int | None = None) -> Quads:
    """What is there beside provenance, in short."""
    rows = ledger.statements(as_of=as_of).read_all().to_pylist()
    return {
        tuple(_short(row[place]) for place in "spog")
        for row in rows
        if row["g"] != str(IRI(PROVENANCE_GRAPH))
    }


def _short(text: str) -> str:
    text = text.replace(f"<{DEFAULT_GRAPH}>", "default").replace(
        "^^<http://www.w3.org/2001/XMLSchema#integer>", ""
    )
    return text.removeprefix(f"<{E}").removesuffix(">") if text.startswith(f"<{E}") else text


def _run(ledger: Ledger, text: str, **limits: float) -> None:
    Updater(ledger, limits=UpdateLimits(**limits)).run(f"PREFIX : <{E}>\n{text}")  # type: ignore[arg-type]


def test_terms_are_kept_as_they_were_written(ledger: Ledger) -> None:
    assert ("b", "p", '"007"', "g") in _quads(ledger)


def test_each_operation_sees_what_those_before_it_did(ledger: Ledger) -> None:
    _run(
        ledger,
        """INSERT DATA { GRAPH :g { :c :p 10 } } ;
        DELETE { GRAPH :g { ?s :p ?o } } INSERT { GRAPH :big { ?s :p ?o } } WHERE { GRAPH :g { ?s :p ?o } FILTER(?o > 5) } ;
        COPY :big TO :copy ; DELETE DATA { GRAPH :big { :c :p 10 } }""",
    )

    assert _quads(ledger) == {
        ("a", "p", '"1"', "g"),
        ("a", "p", '"2"', "g"),
        ("a", "q", "b", "h"),
        ("b", "p", '"007"', "copy"),
        ("b", "p", '"007"', "big"),
        ("c", "p", '"10"', "copy"),
    }
    assert ledger.check().flaws == ()


def test_a_request_is_one_generation_and_the_one_before_can_be_asked(ledger: Ledger) -> None:
    before = _quads(ledger)

    _run(ledger, "CLEAR GRAPH :g ; INSERT DATA { GRAPH :g { :a :p 1 } }")

    assert ledger.generation == 2
    assert _quads(ledger) == {("a", "p", '"1"', "g"), ("a", "q", "b", "h")}
    assert _quads(ledger, as_of=1) == before


def test_what_changes_nothing_makes_no_generation(ledger: Ledger) -> None:
    commit = Updater(ledger).run(f"{START} ; INSERT DATA {{ :x :y :z }} ; DELETE DATA {{ :x :y :z }}")

    assert commit.is_empty
    assert ledger.generation == 1


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("LOAD :document", QueryRefusedError),
        ("CLEAR GRAPH :nothing", NotFoundError),
        ("COPY :nothing TO :g", NotFoundError),
        ("CREATE GRAPH :g", QueryRefusedError),
        ("INSERT { :a :b ?c } WHERE { SERVICE :other { ?a ?b ?c } }", QueryRefusedError),
        ("INSERT { :a :b ?c } WHERE { ?a ?b ?d BIND(SHA512(?d) AS ?c) }", QueryRefusedError),
        (f"INSERT DATA {{ GRAPH <{PROVENANCE_GRAPH}> {{ :a :b :c }} }}", QueryRefusedError),
        (f"DROP GRAPH <{PROVENANCE_GRAPH}>", QueryRefusedError),
        ("INSERT DATA { :a :b ?c }", QuerySyntaxError),
    ],
)
def test_a_request_that_fails_changes_nothing(ledger: Ledger, text: str, error: type[Exception]) -> None:
    before = _quads(ledger)

    with pytest.raises(error):
        _run(ledger, f"DROP GRAPH :h ; INSERT DATA {{ :x :y :z }} ; {text}")

    assert _quads(ledger) == before
    assert ledger.generation == 1
    _run(ledger, "CLEAR ALL")  # the lock is free
    assert _quads(ledger) == set()


@pytest.mark.parametrize(
    "text",
    [
        "LOAD SILENT :x",
        "CLEAR SILENT GRAPH :x",
        "MOVE SILENT :x TO :g",
        "CREATE SILENT GRAPH :g",
        "MOVE :g TO :g",
    ],
)
def test_silent_operations_do_nothing_where_others_fail(ledger: Ledger, text: str) -> None:
    before = _quads(ledger)

    _run(ledger, text)

    assert _quads(ledger) == before


def test_an_update_outside_graph_means_the_default_graph_alone(ledger: Ledger) -> None:
    _run(
        ledger,
        "INSERT DATA { :d :p 5 } ; INSERT { ?s :seen true } WHERE { ?s :p ?o } ; DELETE WHERE { :a ?p ?o }",
    )

    assert {quad for quad in _quads(ledger) if quad[3] == "default"} == {
        ("d", "p", '"5"', "default"),
        ("d", "seen", '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>', "default"),
    }


def test_with_and_using_choose_what_is_read_and_written(ledger: Ledger) -> None:
    _run(ledger, "WITH :h DELETE { ?s ?p ?o } INSERT { ?s :r ?o } WHERE { ?s ?p ?o }")
    _run(
        ledger,
        "WITH :h INSERT { ?s :from ?n } USING :g USING NAMED :h WHERE { ?s :p ?n GRAPH ?g { ?s :r :b } }",
    )

    assert {quad for quad in _quads(ledger) if quad[3] == "h"} == {
        ("a", "r", "b", "h"),
        ("a", "from", '"1"', "h"),
        ("a", "from", '"2"', "h"),
    }


def test_blank_nodes_of_a_template_are_new_for_each_solution(ledger: Ledger) -> None:
    _run(ledger, "INSERT { GRAPH :n { _:x :of ?o ; :in [ :s ?s ] } } WHERE { GRAPH :g { ?s :p ?o } }")

    nodes = {quad[0] for quad in _quads(ledger) if quad[1] == "of"}
    assert len(nodes) == 3
    assert {quad[0] for quad in _quads(ledger) if quad[1] == "in"} == nodes


def test_a_blank_node_that_a_pattern_finds_stays_the_same(ledger: Ledger) -> None:
    _run(ledger, "INSERT DATA { GRAPH :n { _:x :is :node } }")
    _run(ledger, "INSERT { GRAPH :n { ?x :again ?x } } WHERE { GRAPH :n { ?x :is :node } }")

    (found,) = {quad[0] for quad in _quads(ledger) if quad[3] == "n"}
    assert (found, "again", found, "n") in _quads(ledger)


def test_what_is_no_quad_is_left_out(ledger: Ledger) -> None:
    _run(
        ledger,
        """INSERT { GRAPH :n { ?o :p ?s . ?s ?o ?s . ?s :p ?unbound } GRAPH ?o { ?s :p ?s } GRAPH :n { ?s :kept ?o } }
        WHERE { GRAPH :g { ?s :p ?o } FILTER(?o = 1) }""",
    )

    assert {quad for quad in _quads(ledger) if quad[3] == "n"} == {("a", "kept", '"1"', "n")}


def test_protected_graphs_are_read_and_not_changed(ledger: Ledger) -> None:
    updater = Updater(ledger, protected=frozenset({f"{E}g"}))

    updater.run(
        "PREFIX : <http://e/> INSERT { GRAPH :n { ?s :n ?o } } WHERE { GRAPH :g { ?s :p ?o } } ; DROP NAMED"
    )
    with pytest.raises(QueryRefusedError, match="change its sources"):
        updater.run("DELETE WHERE { GRAPH ?g { ?s ?p ?o } }")

    assert {quad[3] for quad in _quads(ledger)} == {"g"}


def test_graph_does_not_reach_provenance(ledger: Ledger) -> None:
    _run(ledger, "DELETE WHERE { GRAPH ?g { ?s ?p ?o } }")

    assert _quads(ledger) == set()
    assert ledger.statements(graphs=[PROVENANCE_GRAPH]).read_all().num_rows > 0


def test_a_request_ends_at_its_time_limit(ledger: Ledger) -> None:
    _run(
        ledger, "INSERT DATA { GRAPH :n { " + " ".join(f":s :n {number} ." for number in range(400)) + " } }"
    )
    started = time.monotonic()

    with pytest.raises(QueryTimeoutError):
        _run(
            ledger,
            """CLEAR GRAPH :g ; INSERT { GRAPH :big { ?a :x ?n } }
            WHERE { GRAPH :n { ?a :n ?n . ?b :n ?m . ?c :n ?k . ?d :n ?l } FILTER(?n + ?m + ?k + ?l < 0) }""",
            timeout_s=0.3,
        )

    assert time.monotonic() - started < 5
    assert ("a", "p", '"1"', "g") in _quads(ledger)


def test_a_pattern_has_only_so_many_solutions(ledger: Ledger) -> None:
    with pytest.raises(ResultTooLargeError, match="more than 2 solutions"):
        _run(ledger, "DELETE WHERE { GRAPH :g { ?s :p ?o } }", max_rows=2)

    _run(ledger, "DELETE WHERE { GRAPH :g { ?s :p ?o } }", max_rows=3)
    assert _quads(ledger) == {("a", "q", "b", "h")}


def test_others_commit_before_or_after_an_update(ledger: Ledger) -> None:
    """A counter that several raise at once counts every time."""
    _run(ledger, "INSERT DATA { GRAPH :c { :counter :value 0 } }")
    raise_it = """DELETE { GRAPH :c { :counter :value ?n } } INSERT { GRAPH :c { :counter :value ?m } }
        WHERE { GRAPH :c { :counter :value ?n } BIND(?n + 1 AS ?m) }"""

    threads = [threading.Thread(target=_run, args=(ledger, raise_it)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {quad for quad in _quads(ledger) if quad[3] == "c"} == {("counter", "value", '"8"', "c")}


def test_a_run_that_was_staged_before_an_update_is_compared_again(ledger: Ledger) -> None:
    with ledger.stage(
        {f"{E}g": ledger.statements(graphs=[f"{E}g"]).read_all().select(["s", "p", "o"])}
    ) as staged:
        _run(ledger, "CLEAR GRAPH :g")
        commit = staged.commit(Activity("d/again"))

    assert commit.added == 3
    assert ledger.check().flaws == ()


@pytest.mark.parametrize("call", ["isWellFormed()", "isWellFormed(1, 2, 3)", "holds()", "holds(1, 2)"])
def test_a_function_of_our_own_with_other_arguments_is_refused(ledger: Ledger, call: str) -> None:
    name, _, rest = call.partition("(")

    with pytest.raises(QueryRefusedError, match="no function is called"):
        _run(ledger, f"INSERT {{ :a :b ?x }} WHERE {{ BIND(<{FUNCTION}{name}>({rest} AS ?x) }}")
