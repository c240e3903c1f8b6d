from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from emkg.errors import RdfSyntaxError, ShapesError
from emkg.rdf import IRI, Literal, Quad, parse_text
from emkg.validation import (
    VIOLATION,
    WARNING,
    CompiledValidator,
    Limits,
    PyshaclValidator,
    ShapesGraph,
    ValidationReport,
)
from emkg.vocabulary import SH, XSD

if TYPE_CHECKING:
    from emkg.validation.engine import Statements

PREFIXES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
PUPILS = "ex:S a sh:NodeShape ; sh:targetClass ex:School ; sh:property [ sh:path ex:pupils ; {} ] ."


def _quads(turtle: str) -> tuple[Quad, ...]:
    return tuple(parse_text(PREFIXES + turtle, "turtle"))


def _validate(data: str, shapes: str) -> ValidationReport:
    return PyshaclValidator().validate(_quads(data), ShapesGraph(_quads(shapes)))


def test_a_conforming_graph_has_no_results() -> None:
    report = _validate(
        "ex:a a ex:School ; ex:pupils 7 .", PUPILS.format("sh:minCount 1 ; sh:datatype xsd:integer")
    )

    assert report == ValidationReport(conforms=True)


def test_a_result_says_what_is_wrong_with_the_value_as_written() -> None:
    report = _validate(
        'ex:a a ex:School ; ex:pupils "007x"^^xsd:integer .', PUPILS.format("sh:datatype xsd:integer")
    )

    (result,) = report.results
    assert result.focus_node == IRI("http://example.org/a")
    assert result.path == "<http://example.org/pupils>"
    assert result.value == Literal("007x", XSD + "integer")
    assert result.component == IRI(SH + "DatatypeConstraintComponent")
    assert result.severity == VIOLATION
    assert result.messages == {
        "en": "is not a valid literal of datatype xsd:integer",
        "zh": "不是数据类型 xsd:integer 的有效字面量",
    }


def test_a_lexical_form_is_kept_and_compared_as_a_value() -> None:
    report = _validate("ex:a a ex:School ; ex:pupils 007 .", PUPILS.format("sh:maxInclusive 6"))

    assert report.results[0].value == Literal("007", XSD + "integer")


def test_a_string_with_its_datatype_written_is_a_plain_string() -> None:
    shapes = PUPILS.format('sh:datatype xsd:string ; sh:hasValue "many"')

    report = _validate('ex:a a ex:School ; ex:pupils "many"^^xsd:string .', shapes)

    assert report.conforms


def test_the_author_s_messages_and_severity_are_kept() -> None:
    shapes = PUPILS.format(
        'sh:minCount 1 ; sh:severity sh:Warning ; sh:message "缺少人数"@zh, "no number"@en'
    )

    (result,) = _validate("ex:a a ex:School .", shapes).results

    assert result.severity == WARNING
    assert result.message("zh") == "缺少人数"
    assert result.message("de") == "no number"


def test_a_statement_table_is_judged_like_quads() -> None:
    quads = _quads('ex:a a ex:School ; ex:pupils "7"@zh .')
    table = pa.table(
        {name: [str(getattr(q, term)) for q in quads] for name, term in zip("spo", ("subject", "predicate", "object"), strict=True)}
    )  # fmt: skip
    shapes = ShapesGraph(_quads(PUPILS.format("sh:datatype xsd:integer")))

    assert PyshaclValidator().validate(table, shapes) == PyshaclValidator().validate(quads, shapes)


def test_context_is_read_and_not_judged() -> None:
    shapes = ShapesGraph(_quads("ex:S a sh:NodeShape ; sh:targetClass ex:Place ; sh:property [ sh:path ex:in ; sh:class ex:City ; sh:minCount 1 ] ."))  # fmt: skip
    context = _quads("ex:School rdfs:subClassOf ex:Place . ex:city a ex:City . ex:other a ex:Place .")

    good = PyshaclValidator().validate(_quads("ex:a a ex:School ; ex:in ex:city ."), shapes, context)
    bad = PyshaclValidator().validate(_quads("ex:a a ex:School ."), shapes, context)

    assert good.conforms
    assert bad.focus_nodes() == {IRI("http://example.org/a")}


def test_only_the_term_true_closes_a_shape() -> None:
    data = "ex:a a ex:School ; ex:pupils 7 ."
    closed = "ex:S a sh:NodeShape ; sh:targetClass ex:School ; sh:closed {} ."

    assert _validate(data, closed.format('"1"^^xsd:boolean')).conforms
    assert not _validate(data, closed.format("true")).conforms


def test_shapes_that_cannot_be_judged_are_an_error() -> None:
    undeclared = 'sh:sparql [ sh:select "SELECT $this WHERE { $this nope:p ?x }" ]'
    for constraint in (undeclared, 'sh:sparql [ sh:select "SELECT WHERE" ]'):
        with pytest.raises(ShapesError, match="cannot judge"):
            _validate(
                "ex:a a ex:School .", f"ex:S a sh:NodeShape ; sh:targetClass ex:School ; {constraint} ."
            )


def test_shapes_nested_too_deep_are_an_error() -> None:
    chain = " ".join(f"ex:N{n} a sh:NodeShape ; sh:node ex:N{n + 1} ." for n in range(6))
    shapes = ShapesGraph(
        _quads(f"{chain} ex:N6 a sh:NodeShape ; sh:nodeKind sh:IRI . ex:N0 sh:targetClass ex:School .")
    )

    with pytest.raises(ShapesError):
        PyshaclValidator(Limits(max_depth=3)).validate(_quads("ex:a a ex:School ."), shapes)


def test_a_sparql_target_is_honoured_and_the_data_stay_as_they_were() -> None:
    data = _quads("ex:a ex:pupils 7 .")
    shapes = ShapesGraph(
        _quads(
            """ex:S a sh:NodeShape ; sh:property [ sh:path ex:name ; sh:minCount 1 ] ;
            sh:target [ a sh:SPARQLTarget ; sh:select "SELECT ?this WHERE { ?this <http://example.org/pupils> ?n }" ] ."""
        )
    )

    report = PyshaclValidator().validate(data, shapes)

    assert shapes.is_advanced
    assert report.focus_nodes() == {IRI("http://example.org/a")}


# With and without a class hierarchy, and a predicate of a path, in the data: the plans differ, the results may not.
@pytest.mark.parametrize("hierarchy", ["", "ex:Kindergarten rdfs:subClassOf ex:School ."])
@pytest.mark.parametrize("within", ["", "ex:b ex:within ex:c ."])
@pytest.mark.parametrize(
    "path",
    ["[ sh:zeroOrMorePath ex:within ]", "[ sh:oneOrMorePath ex:within ]", "[ sh:zeroOrOnePath ex:within ]"],
)
def test_what_the_data_have_not_is_left_out_of_the_plans_and_changes_nothing(
    hierarchy: str, within: str, path: str
) -> None:
    data = _quads(f"ex:a a ex:School . ex:b a ex:Kindergarten . {hierarchy} {within}")
    shapes = ShapesGraph(
        _quads(
            f"ex:S a sh:NodeShape ; sh:targetClass ex:School ; "
            f"sh:property [ sh:path {path} ; sh:minCount 1 ; sh:hasValue ex:c ; sh:nodeKind sh:Literal ] ."
        )
    )

    compiled, reference = (
        engine.validate(data, shapes) for engine in (CompiledValidator(), PyshaclValidator())
    )

    def keys(report: ValidationReport) -> set[tuple[str, ...]]:
        return {(str(one.focus_node), str(one.value), str(one.component)) for one in report.results}

    assert keys(compiled) == keys(reference) != set()


@pytest.mark.parametrize("above", ["", "ex:Primary rdfs:subClassOf ex:School ."])
def test_exactly_one_of_three_and_classes_with_and_without_a_hierarchy(above: str) -> None:
    members = " ".join(f"[ sh:path ex:{name} ; sh:minCount 1 ]" for name in ("state", "private", "church"))
    shapes = ShapesGraph(_quads(f"ex:S a sh:NodeShape ; sh:targetClass ex:School ; sh:xone ( {members} ) ."))
    data = _quads(
        f"""{above} ex:none a ex:School . ex:one a ex:School ; ex:church 1 . ex:two a ex:School ; ex:state 1 ; ex:church 1 .
        ex:all a ex:School ; ex:state 1 ; ex:private 1 ; ex:church 1 , 2 . ex:below a ex:Primary ."""
    )
    report = CompiledValidator().validate(data, shapes)
    faulty = {str(result.focus_node.value).rpartition("/")[2] for result in report.results}
    assert faulty == {"none", "two", "all"} | ({"below"} if above else set())
    assert report.results == PyshaclValidator().validate(data, shapes).results


def test_data_that_is_no_rdf_is_refused_though_no_shape_judges_it() -> None:
    columns = {
        name: pa.array([text], pa.string())
        for name, text in zip("spo", ("<http://e/a>", "<http://e/p>", "plain"), strict=True)
    }
    with pytest.raises(RdfSyntaxError):
        CompiledValidator().validate(pa.table(columns), ShapesGraph(_quads(PUPILS.format("sh:minCount 1"))))


@pytest.mark.parametrize("message", ['"too few: {?value} {?other} at {$this}"@en , "不足"@zh', '"plain"'])
def test_each_result_fills_its_own_message(message: str) -> None:
    shapes = PUPILS.format(f"sh:maxInclusive 6 ; sh:message {message}")
    data = "ex:a a ex:School ; ex:pupils 7 , 8 . ex:b a ex:School ; ex:pupils 9 ."
    ours = CompiledValidator().validate(_quads(data), ShapesGraph(_quads(shapes)))
    assert ours.results == PyshaclValidator().validate(_quads(data), ShapesGraph(_quads(shapes))).results
    assert len(ours.results) == 3


def test_a_shape_of_more_than_a_hundred_classes_is_judged_by_a_plan() -> None:
    """Each class had a part of its own in the plan, which became too long for DuckDB: everything went to pySHACL."""
    classes = " , ".join(f"ex:C{n}" for n in range(150))
    shapes = ShapesGraph(
        _quads(
            f"ex:S a sh:NodeShape ; sh:targetClass {classes} ; sh:property [ sh:path ex:p ; sh:minCount 1 ] ."
        )
    )
    data = _quads(
        "ex:a a ex:C7 . ex:b a ex:C149 ; ex:p 1 . ex:c a ex:C1 , ex:C2 . ex:d a ex:Below . ex:e a ex:Other ."
        " ex:Below rdfs:subClassOf ex:C3 ."
    )

    report = CompiledValidator(reference=_Nobody()).validate(data, shapes)

    assert [str(one.focus_node) for one in report.results] == [f"<http://example.org/{n}>" for n in "acd"]
    assert report.focus_nodes() == PyshaclValidator().validate(data, shapes).focus_nodes()


class _Nobody:
    """Stands for pySHACL where everything has to have a plan."""

    def validate(self, data: Statements, shapes: ShapesGraph, context: Statements = ()) -> ValidationReport:
        raise AssertionError(data, shapes, context)
