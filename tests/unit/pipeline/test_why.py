from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from emkg.errors import Location, ParameterError, StatementNotFoundError
from emkg.pipeline.catalogue import discover_datasets
from emkg.pipeline.ingest import ingest
from emkg.pipeline.why import WhyAnswer, WhyInputs, why
from emkg.pipeline.why_render import why_json, why_text, why_turtle
from emkg.plan import Comparison, Operator, Pattern, TriplePattern, Variable
from emkg.rdf import IRI, Literal, Triple, parse_compact, parse_text
from emkg.reasoning import MAX_SOLUTIONS, Explanation, Rule
from emkg.vocabulary import CODE, EM, GRAPH, ID, PROV, RDF_TYPE, XSD

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.pipeline.ingest import IngestInputs

PREFIXES = {"ex": "http://e/", "id": "http://e/id/"}


@pytest.fixture
def where(workspace: Path, inputs: IngestInputs) -> WhyInputs:
    """What `why` looks in, after an ingest of the workspace."""
    datasets = discover_datasets(workspace)
    ingest(datasets, inputs)
    rules = inputs.rules
    assert rules is not None
    return WhyInputs(inputs.ledger, (*rules.axioms, *rules.domain), datasets, inputs.base, inputs.data_root)


def _why(where: WhyInputs, subject: str, predicate: str, value: str) -> WhyAnswer:
    return why(*(parse_compact(text, PREFIXES) for text in (subject, predicate, value)), where)


def test_an_inferred_statement_is_followed_to_its_cell_and_its_axiom(where: WhyInputs) -> None:
    answer = _why(where, "id:incident/2", "a", "ex:Incident")

    fact, axiom = answer.explanation.facts()
    (source,) = answer.sources_of(fact)
    assert (source.dataset, source.graph) == ("fire/incidents", GRAPH + "fire/incidents")
    (cell,) = source.cells
    assert (cell.file, cell.row, cell.column, cell.value) == ("incidents.csv", 3, "no", "2")
    assert "incidents.yml:" in cell.mapping
    (ontology,) = answer.sources_of(axiom)
    assert str(ontology.places[0]).endswith(".ttl:6")


def test_an_asserted_statement_is_followed_to_its_cell(where: WhyInputs) -> None:
    answer = _why(where, "id:incident/2", "ex:injured", '"3"^^<http://www.w3.org/2001/XMLSchema#integer>')

    columns = {
        cell.column: cell.value for source in answer.sources_of(answer.explanation) for cell in source.cells
    }
    assert columns == {"no": "2", "injured": "3"}


def test_the_text_names_rule_facts_and_cell_in_either_language(where: WhyInputs) -> None:
    answer = _why(where, "id:incident/2", "a", "ex:Incident")

    english, chinese = why_text(answer), why_text(answer, "zh")

    assert "<http://e/id/incident/2> rdf:type <http://e/Incident>\n  by rule subclass" in english
    assert "Whatever is of a class is of its superclasses." in english
    assert "stated in fire/incidents\n        incidents.csv, row 3, column no: 2  (mapping " in english
    assert "由规则 subclass 推出" in chinese
    assert "incidents.csv 第 3 行，no 列：2" in chinese
    assert "one of" not in english


def test_json_holds_the_same(where: WhyInputs) -> None:
    document = json.loads(why_json(_why(where, "id:incident/2", "a", "ex:Incident")))

    assert document["rule"]["name"] == "subclass"
    assert document["premises"][0]["sources"][0]["cells"][0]["row"] == 3
    assert document["premises"][1]["predicate"].endswith("subClassOf>")


def test_turtle_is_prov_o(where: WhyInputs) -> None:
    quads = list(parse_text(why_turtle(_why(where, "id:incident/2", "a", "ex:Incident")), "turtle"))

    used = [quad for quad in quads if quad.predicate.value == PROV + "used"]
    assert len(used) == 2
    assert (
        sum(quad.object == IRI(PROV + "Activity") for quad in quads if quad.predicate.value == RDF_TYPE) == 1
    )
    labels = {quad.object.value for quad in quads if isinstance(quad.object, Literal)}
    assert "incidents.csv row 3 column no" in labels


def test_a_source_that_is_gone_does_not_hide_the_rest(where: WhyInputs) -> None:
    assert where.data_root is not None
    (where.data_root / "incidents.csv").unlink()

    text = why_text(_why(where, "id:incident/2", "a", "ex:Incident"))

    assert "by rule subclass" in text
    assert "its source could not be read: " in text


def test_what_is_no_statement_and_what_is_not_there_are_told_apart(where: WhyInputs) -> None:
    with pytest.raises(ParameterError, match="a subject is no literal"):
        _why(where, '"x"', "a", "ex:Incident")
    with pytest.raises(StatementNotFoundError):
        _why(where, "id:incident/99", "a", "ex:Incident")


def _derived_by_hand() -> WhyAnswer:
    """An answer of a domain rule: a comparison, an absence, several ways, a rule with a place."""
    event, duty, act = IRI(ID + "event/1"), IRI(CODE + "duty/1"), IRI(CODE + "act/1")
    calls, held, until = IRI(EM + "callsForDuty"), IRI(EM + "heldFrom"), IRI(EM + "inForceUntil")
    day, first = Literal("2026-08-10", XSD + "date"), Literal("2018-10-26", XSD + "date")
    body = Pattern((TriplePattern(Variable("e"), held, Variable("d")),))
    head = (TriplePattern(Variable("e"), calls, Variable("d")),)
    texts = {"en": "As the law stood.", "zh": "按当时法律。"}
    rule = Rule("callsForDuty", body, head, (), Location("shapes/rules/duty.ttl", 21), texts)
    fact = Explanation(Triple(act, held, first), (GRAPH + "reference/acts",))
    absence = Pattern(
        (TriplePattern(act, until, Variable("until")),),
        (Comparison(Variable("until"), Operator.LESS_OR_EQUAL, day),),
    )
    explanation = Explanation(
        Triple(event, calls, duty),
        (GRAPH + "inferred/rules",),
        rule,
        (fact, Explanation(fact.statement, fact.graphs), Explanation(Triple(act, held, day), ())),
        (Comparison(first, Operator.LESS_OR_EQUAL, day),),
        (absence,),
        MAX_SOLUTIONS,
    )
    return WhyAnswer(explanation, {}, {act: {"zh": "某法", "en": "An act"}})


def test_comparisons_absences_and_other_ways_are_said() -> None:
    lines = why_text(_derived_by_hand()).splitlines()

    assert lines[1:5] == [
        "  by rule callsForDuty (shapes/rules/duty.ttl:21)",
        "    As the law stood.",
        f"  one of {MAX_SOLUTIONS}+ ways:",
        "  because",
    ]
    assert '    code:act/1[An act] em:heldFrom "2018-10-26"^^xsd:date' in lines
    assert "      stated in reference/acts" in lines
    assert "      an axiom of the ontology" in lines
    assert '  compared "2018-10-26"^^xsd:date <= "2026-08-10"^^xsd:date' in lines
    assert '  there is no code:act/1 em:inForceUntil ?until; ?until <= "2026-08-10"^^xsd:date' in lines


def test_prov_o_names_the_rule_as_the_plan() -> None:
    quads = list(parse_text(why_turtle(_derived_by_hand()), "turtle"))

    (plan,) = {quad.subject for quad in quads if quad.object == IRI(PROV + "Plan")}
    comments = {
        quad.object for quad in quads if quad.subject == plan and quad.predicate.value.endswith("comment")
    }
    assert {comment.language for comment in comments if isinstance(comment, Literal)} == {"en", "zh"}
