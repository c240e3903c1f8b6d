from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emkg.ledger import Ledger
from emkg.plan import Dataset, Updater
from emkg.rdf import parse_text
from emkg.validation import CompiledValidator, ShapesGraph, StandingReport

if TYPE_CHECKING:
    from collections.abc import Iterator

G, H = "http://e/g", "http://e/h"
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://e/> .
:School a sh:NodeShape ; sh:targetClass :School ;
  sh:property [ sh:path :pupils ; sh:minCount 1 ; sh:maxCount 1 ] ;
  sh:property [ sh:path ( :district :name ) ; sh:minCount 1 ] ."""


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    with Ledger.open(None) as opened:
        _update(
            opened,
            """INSERT DATA { GRAPH :g { :a a :School ; :pupils 3 ; :district :d . :b a :School ; :district :d .
            :d :name 'east' . :c :pupils 4 } }""",
        )
        yield opened


def _update(ledger: Ledger, text: str) -> None:
    Updater(ledger).run(f"PREFIX : <http://e/> {text}")


def _shapes(text: str = SHAPES) -> ShapesGraph:
    return ShapesGraph(tuple(parse_text(text, "turtle")))


def _told(report: StandingReport) -> list[tuple[str, str]]:
    found = ((str(one.focus_node), one.component.value.rpartition("#")[2]) for one in report.report.results)
    return sorted((node.removeprefix("<http://e/").rstrip(">"), kind) for node, kind in found)


def test_what_a_commit_cannot_concern_is_not_judged_again(ledger: Ledger) -> None:
    standing = StandingReport(ledger, _shapes(), Dataset((G,), ()))
    first = standing.refresh()

    _update(ledger, "INSERT DATA { GRAPH :g { :c :pupils 5 ; :colour :red } GRAPH :other { :x a :School } }")
    second = standing.refresh()

    assert (first.judged, len(first.added)) == (None, 1)
    assert second.generation == ledger.generation
    assert (second.added, second.removed) == ((), ())
    assert _told(standing) == [("b", "MinCountConstraintComponent")]


def test_nothing_is_done_where_nothing_was_committed(ledger: Ledger) -> None:
    standing = StandingReport(ledger, _shapes(), Dataset((G,), ()))
    standing.refresh()

    again = standing.refresh()

    assert (again.judged, again.added, again.removed) == (0, (), ())


def test_a_change_far_from_a_node_is_followed_back_to_it(ledger: Ledger) -> None:
    standing = StandingReport(ledger, _shapes(), Dataset((G,), ()))
    standing.refresh()

    _update(
        ledger, "DELETE DATA { GRAPH :g { :d :name 'east' } } ; INSERT DATA { GRAPH :g { :b :pupils 1 } }"
    )
    changed = standing.refresh()

    assert changed.judged is not None
    assert changed.judged > 0
    assert [str(one.focus_node) for one in changed.removed] == ["<http://e/b>"]
    assert _told(standing) == [("a", "MinCountConstraintComponent"), ("b", "MinCountConstraintComponent")]


def test_a_statement_in_two_graphs_counts_once(ledger: Ledger) -> None:
    """It was in one when the plans were made, which leave out to look for repeats where there are none."""
    standing = StandingReport(ledger, _shapes(), Dataset((G, H), ()))
    standing.refresh()

    _update(ledger, "INSERT DATA { GRAPH :h { :a :pupils 3 } }")
    changed = standing.refresh()

    assert (changed.added, changed.removed) == ((), ())
    assert _told(standing) == [("b", "MinCountConstraintComponent")]
    _update(ledger, "INSERT DATA { GRAPH :h { :a :pupils 4 } }")
    standing.refresh()
    assert ("a", "MaxCountConstraintComponent") in _told(standing)


def test_shapes_without_a_plan_are_judged_by_the_reference(ledger: Ledger) -> None:
    shapes = _shapes(
        SHAPES
        + """
        :Hashed a sh:NodeShape ; sh:targetSubjectsOf :pupils ;
          sh:sparql [ sh:select "SELECT $this WHERE { $this <http://e/pupils> ?n FILTER(STRLEN(SHA512(STR(?n))) = 128 && ?n > 3) }" ] ."""
    )
    standing = StandingReport(ledger, shapes, Dataset((G,), ()))
    standing.refresh()
    assert ("c", "SPARQLConstraintComponent") in _told(standing)

    _update(ledger, "DELETE DATA { GRAPH :g { :c :pupils 4 } } ; INSERT DATA { GRAPH :g { :a :pupils 9 } }")
    changed = standing.refresh()

    data = ledger.statements(graphs=[G]).read_all()
    assert standing.report == CompiledValidator().validate(data, shapes)
    assert "<http://e/c>" in {str(one.focus_node) for one in changed.removed}
