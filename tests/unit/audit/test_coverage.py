import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date

import pyoxigraph as ox
import pytest

from emkg.audit import Coverage, CoverageState, compute_coverage, coverage_csv, coverage_json
from emkg.plan import QueryLimits, Solutions
from emkg.plan.sparql_bindings import bind_values
from emkg.rdf import IRI, BlankNode, Literal, Term

LAW = """
PREFIX em: <https://w3id.org/emkg/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX c: <https://w3id.org/emkg/code/>
BASE <https://w3id.org/emkg/code/>
<event/10000> a em:EventType ; rdfs:label "突发事件"@zh, "Emergency"@en ; skos:notation "10000" .
<event/11B19> a em:EventType ; rdfs:label "霾"@zh, "Haze"@en ; skos:notation "11B19" ; rdfs:subClassOf <event/10000> .
<division/310000> em:within <division/310000>, <division/100000> .
<act/old> em:bindsIn <division/100000> ; em:heldFrom "2018-10-26"^^xsd:date ; em:inForceFrom "2016-01-01"^^xsd:date ;
  em:inForceUntil "2026-08-15"^^xsd:date ; em:isFullyRead true .
<act/new> em:bindsIn <division/100000> ; em:heldFrom "2026-08-15"^^xsd:date ; em:inForceFrom "2026-08-15"^^xsd:date ;
  em:isFullyRead false .
<act/beijing> em:bindsIn <division/110000> ; em:heldFrom "2015-05-01"^^xsd:date ; em:isFullyRead true .
<act/old/article/95> em:partOf <act/old> .
<act/new/article/263> em:partOf <act/new> .
<act/beijing/article/1> em:partOf <act/beijing> .
<duty/old-95> em:article <act/old/article/95> ; em:eventType <event/11B19> ; em:phase <phase/warning> ;
  em:level <level/city> ; em:modality <modality/duty> ; em:bearer <office/env> .
<duty/new-263> em:article <act/new/article/263> ; em:eventType <event/11B19> ; em:phase <phase/warning> ;
  em:level <level/city> ; em:modality <modality/duty> ; em:bearer <office/env> .
<duty/old-1> em:article <act/old/article/95> ; em:eventType <event/10000> ; em:phase <phase/rescue> ;
  em:modality <modality/duty> ; em:bearer <office/env> .
<duty/beijing> em:article <act/beijing/article/1> ; em:eventType <event/11B19> ; em:phase <phase/recovery> ;
  em:level <level/city> ; em:modality <modality/duty> ; em:bearer <office/env> .
<office/env> rdfs:label "生态环境主管部门"@zh .
"""


def _from_oxigraph(term: object) -> Term:
    if isinstance(term, ox.Literal):
        return Literal(term.value, term.datatype.value, term.language or "")
    if isinstance(term, ox.NamedNode):
        return IRI(term.value)
    assert isinstance(term, ox.BlankNode)
    return BlankNode(term.value)


class StoreSelector:
    def __init__(self, text: str) -> None:
        self.store = ox.Store()
        self.store.load(text.encode(), format=ox.RdfFormat.TURTLE)

    def select(
        self,
        text: str,
        bindings: Mapping[str, Sequence[Term]] | None = None,
        *,
        limits: QueryLimits | None = None,
    ) -> Solutions:
        del limits
        solutions = self.store.query(bind_values(text, bindings or {}))
        assert isinstance(solutions, ox.QuerySolutions)
        names = tuple(variable.value for variable in solutions.variables)
        rows = tuple(
            {name: _from_oxigraph(value) for name in names if (value := row[name]) is not None}
            for row in solutions
        )
        return Solutions(names, rows, 1)


def coverage_on(day: str) -> Coverage:
    return compute_coverage(StoreSelector(LAW), date.fromisoformat(day), "310000")


def state_of(coverage: Coverage, event_type: str, phase: str, level: str) -> CoverageState:
    (cell,) = (
        cell
        for cell in coverage.cells
        if (cell.event_type.key, cell.phase, cell.level) == (event_type, phase, level)
    )
    return cell.state


@pytest.mark.parametrize(
    ("day", "acts"),
    [("2018-10-25", ()), ("2026-08-14", ("old",)), ("2026-08-15", ("new",))],
)
def test_only_act_versions_held_and_in_force_on_the_date_ground_a_cell(
    day: str, acts: tuple[str, ...]
) -> None:
    assert coverage_on(day).acts == acts


def test_an_act_of_another_jurisdiction_grounds_nothing() -> None:
    coverage = coverage_on("2026-08-14")

    assert state_of(coverage, "11B19", "recovery", "city") is CoverageState.GAP


def test_a_duty_of_a_broader_type_makes_a_cell_general() -> None:
    law = LAW.replace("em:phase <phase/rescue> ;", "em:phase <phase/rescue> ; em:level <level/city> ;")

    coverage = compute_coverage(StoreSelector(law), date(2026, 8, 14), "310000")

    assert state_of(coverage, "11B19", "rescue", "city") is CoverageState.GENERAL


def test_an_empty_cell_is_no_gap_while_an_act_that_touches_the_type_is_not_fully_read() -> None:
    assert state_of(coverage_on("2026-08-15"), "11B19", "rescue", "city") is CoverageState.UNREAD


def test_a_version_not_held_on_the_date_is_named_as_unread() -> None:
    (cell,) = (
        cell
        for cell in coverage_on("2017-01-01").cells
        if (cell.event_type.key, cell.phase, cell.level) == ("11B19", "warning", "city")
    )

    assert [(act.act, act.reason) for act in cell.unread] == [("old", "version-not-held")]


def test_a_duty_without_a_level_gets_a_cell_of_its_own() -> None:
    assert state_of(coverage_on("2026-08-14"), "10000", "rescue", "unspecified") is CoverageState.GROUNDED


def test_csv_and_json_hold_the_same_cells() -> None:
    coverage = coverage_on("2026-08-14")

    rows = list(csv.DictReader(io.StringIO(coverage_csv(coverage))))
    data = coverage_json(coverage)

    cells = data["cells"]
    assert isinstance(cells, list)
    assert [(row["event_type"], row["phase"], row["level"], row["state"]) for row in rows] == [
        (cell["event_type"], cell["phase"], cell["level"], cell["state"]) for cell in cells
    ]
    assert any(row["articles"] == "old 95" and row["bearers"] == "生态环境主管部门" for row in rows)
