"""Every rule on a small mapping: `▸` stands before the place that the finding must name."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import pytest

from emkg.pipeline.lint import RULES, LintFinding, lint_inputs, lint_mappings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from emkg.pipeline.lint_context import LintInputs

DOCUMENT = """\
# schools
sources:
  schools: {access: schools.csv, referenceFormulation: csv}
mappings:
  school:
    source: schools
    s: https://w3id.org/emkg/id/school/$(code)
    po:
      - [a, em:School]
      - [em:locatedIn, https://w3id.org/emkg/code/division/310000~iri]
      - [rdfs:label, $(name), zh~lang]
"""
END = "zh~lang]\n"
SCHOOLS: Mapping[str, bytes | str] = {"schools.csv": "code,name\nS1,示范小学\n"}
DISTRICTS = "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
ORDERS = """\
  order:
    source: ['orders.csv~csv']
    s: https://w3id.org/emkg/id/closure-order/$(no)
    po:
      - [em:remark, $(day)]
"""


class Case(NamedTuple):
    """`old` of the document becomes `new`; the rule must find something at every mark, and nowhere else."""

    code: str
    old: str
    new: str
    says: str = ""
    suggestion: str = ""
    files: Mapping[str, bytes | str] = SCHOOLS


def _join(child: str, parent: str) -> str:
    condition = f"{{function: equal, parameters: [[str1, $({child}), s], [str2, $({parent}), o]]}}"
    return f"{END}      - {{p: em:remark, o: {{mapping: order, condition: {condition}}}}}\n{ORDERS}"


WITH_ORDERS = {**SCHOOLS, "orders.csv": "no,day\n1,2\n"}
CASES = (
    Case("syntax", "sources:\n", "▸sorces:\n", "did you mean 'sources'"),
    Case("syntax", "[a, em:School]", "[a, ▸emm:School]", "is not declared"),
    Case("unknown-class", "em:School", "▸em:Schol", "did you mean em:School", "em:School"),
    Case("unknown-class", "[a, em:School]", "[a, [em:School, ▸em:phase]]", "but one of its kind “object property”", "em:Phase"),
    Case("unknown-property", END, END + "      - [▸em:emergencyPhase, x~iri]\n".replace("x~", "em:x~"), "did you mean em:phase?", "em:phase"),
    Case("outside-domain", END, END + "      - [▸em:employeeCount, $(code), xsd:integer]\n", "belongs to em:Enterprise, and the subject is em:School"),
    Case("outside-domain", END, END + "      - [em:facilityCode, $(code)]\n"),
    Case("outside-range", END, END + "      - [em:locatedIn, ▸$(code)]\n", "write ~iri", "~iri"),
    Case("outside-range", END, END + "      - [em:schoolKind, ▸code:x/$(code)~iri]\n", "takes a literal"),
    Case("outside-range", END, END + "      - [em:supervisedBy, ▸https://w3id.org/emkg/id/school/$(name)~iri]\n", "points at em:PublicBody, and the object is em:School"),
    Case("outside-range", END, END + "      - [em:locatedIn, ▸code:level/city~iri]\n", "points at em:Division, and the object is em:GovernmentLevel"),
    Case("wrong-datatype", END, END + "      - [em:studentCount, $(code), ▸xsd:decimal]\n", "holds xsd:integer, and this makes xsd:decimal", "xsd:integer"),
    Case("wrong-datatype", END, END + "      - [em:studentCount, ▸$(code)]\n", "makes xsd:string", "xsd:integer"),
    Case("wrong-datatype", END, END + "      - [em:studentCount, $(code), xsd:int]\n"),
    Case("wrong-datatype", END, END + "      - [em:facilityCode, ▸$(code), zh~lang]\n", "makes rdf:langString", "xsd:string"),
    Case("missing-language", "em:School]", "em:EventType]\n      - [em:noCodeReason, ▸$(code)]", "none is given", "zh~lang"),
    Case("required-property", "em:School]\n      - [em:locatedIn, https://w3id.org/emkg/code/division/310000~iri]\n      - [rdfs:label,", "▸em:School]\n      - [em:locatedIn, https://w3id.org/emkg/code/division/310000~iri]\n      - [em:remark,", "em:School needs rdfs:label", "rdfs:label"),
    Case("missing-source", "access: schools.csv", "access: ▸school.csv", "did you mean 'schools.csv'"),
    Case("unchecked-source", "access: schools.csv", "access: data:▸schools.csv", "--data"),
    Case("wrong-encoding", "referenceFormulation: csv", "referenceFormulation: csv, encoding: ▸utf-8", "did you mean gb18030", "gb18030", {"schools.csv": "code,name,名称\n1,2,3\n".encode("gb18030")}),
    Case("wrong-encoding", "access: ", "access: ▸", "did you mean utf-16", "utf-16", {"schools.csv": "code,name\n".encode("utf-16")}),
    Case("wrong-encoding", "source: schools", "source: schools", files={"schools.csv": b"code,name\n1,\xe7\xa4\xba\n2,\xe7\xa4\xba\n3,\xff\n"}),
    Case("unknown-reference", "$(name)", "▸$(nam)", "did you mean name?", "name"),
    Case("unknown-reference", "school/$(code)", "school/▸$(学校代码)", "it has code, name"),
    Case("unknown-join-column", END, _join("code", "no").replace("$(no), o", "▸$(No), o"), "orders.csv has no No; did you mean no?", "no", WITH_ORDERS),
    Case("unknown-join-column", END, _join("codes", "no").replace("$(codes)", "▸$(codes)"), "did you mean code?", "code", WITH_ORDERS),
    Case("bad-join", END, END + "      - {p: em:remark, o: ▸{mapping: order}}\n" + ORDERS, "reads another source", "", WITH_ORDERS),
    Case("unmapped-column", "access: schools.csv", "access: ▸schools.csv", "(2): kind, level", "", {"schools.csv": "code,kind,name,level\n"}),
    Case("unmapped-column", "source: schools", "source: schools"),
    Case("invalid-iri", "https://w3id.org/emkg/id/school/$(code)", "▸https://w3id.org/emkg/id/a school/$(code)", "holds ' '"),
    Case("unsafe-iri", "https://w3id.org/emkg/id/school/$(code)", "▸{value: https://w3id.org/emkg/id/school/$(code), type: unsafeIRI}", "not encoded"),
    Case("unsafe-iri", END, END + "      - [rdfs:seeAlso, ▸$(name)~iri]\n", "as it is"),
    Case("constant-key", "https://w3id.org/emkg/id/school/$(code)", "▸https://w3id.org/emkg/id/school/1", "its key is missing"),
    Case("ambiguous-key", "https://w3id.org/emkg/id/school/$(code)", "▸https://w3id.org/emkg/id/school/$(code)$(name)", "put / between", "/"),
    Case("duplicate-subject", END, END + "  named:\n    source: schools\n    s: ▸https://w3id.org/emkg/id/school/$(name)\n    po: [[em:remark, $(code)]]\n", "school (line 7) makes such subjects from code"),
    Case("unused-prefix", "sources:\n", "prefixes:\n  ▸ex: http://e/\n  id: http://e/id/\nsources:\n".replace("  id: http://e/id/\n", ""), "the prefix ex is not used"),
    Case("unused-source", "sources:\n", "sources:\n  ▸old: ['old.csv~csv']\n", "no mapping reads the source old"),
    Case("unknown-function", "$(name), zh~lang", "{function: ▸emf:trimm, parameters: [[emf:value, $(name)]]}, zh~lang", "did you mean 'emf:trim'", "emf:trim"),
    Case("bad-parameter", "$(name), zh~lang", "{function: emf:trim, parameters: [[▸emf:valeu, $(name)]]}, zh~lang", "did you mean 'emf:value'", "emf:value"),
    Case("bad-parameter", "$(name), zh~lang", "{function: ▸emf:trim}, zh~lang", "needs emf:value"),
    Case("bad-crosswalk", "$(name), zh~lang", "{function: emf:translate, parameters: [[emf:value, $(name)], [emf:crosswalk, ▸district.tsv]]}, zh~lang", "cannot be read", "districts.tsv", {**SCHOOLS, "districts.tsv": DISTRICTS}),
    Case("bad-crosswalk", "$(name), zh~lang", "{function: emf:translate, parameters: [[emf:value, $(name)], [emf:crosswalk, ▸x.tsv]]}, zh~lang", "x.tsv:2: the prefix 'nowhere'", "", {**SCHOOLS, "x.tsv": DISTRICTS + "a\tb\tnowhere:c\td\n"}),
    Case("empty-crosswalk", "$(name), zh~lang", "{function: emf:translate, parameters: [[emf:value, $(name)], [emf:crosswalk, ▸districts.tsv]]}, zh~lang", "no entries", "", {**SCHOOLS, "districts.tsv": DISTRICTS}),
    Case("unknown-act", END, END + "      - [dcterms:source, ▸code:act/air-lw/article/95~iri]\n", "did you mean air-law?", "air-law"),
    Case("repealed-article", END, END + "      - [dcterms:source, ▸code:act/air-law/article/95~iri]\n", "art. 95 of air-law", "ecoenv-code-2 263"),
    Case("repealed-article", "# schools", "# law: ▸air-law 95", "repealed since 2026-08-15", "ecoenv-code-2 263"),
    Case("repealed-article", "# schools", "# law: emergency-2024 1"),
)  # fmt: skip


@pytest.fixture(scope="module")
def inputs(checkout: Path) -> LintInputs:
    return lint_inputs(checkout, as_of=date(2026, 8, 15))


def _marks(text: str) -> list[tuple[int, int]]:
    return [
        (number, mark.start() - line[: mark.start()].count("▸") + 1)
        for number, line in enumerate(text.splitlines(), start=1)
        for mark in re.finditer("▸", line)
    ]


def _found(path: Path, code: str, inputs: LintInputs) -> list[LintFinding]:
    return [one for one in lint_mappings([path], inputs).findings if one.code == code]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{CASES.index(case)}")
def test_a_rule_finds_its_fault_where_it_stands(case: Case, inputs: LintInputs, tmp_path: Path) -> None:
    marked = DOCUMENT.replace(case.old, case.new, 1)
    path = tmp_path / "schools.yml"
    path.write_text(marked.replace("▸", ""), encoding="utf-8")
    for name, content in case.files.items():
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)

    found = _found(path, case.code, inputs)

    assert [(one.location.line, one.location.column) for one in found] == _marks(marked)
    assert all(one.location.file == str(path) and one.message_zh for one in found)
    for one in found:
        assert case.says in one.message
        assert one.suggestion == case.suggestion


def test_every_rule_has_a_case() -> None:
    assert {case.code for case in CASES if "▸" in case.new} == set(RULES)


def test_an_act_counts_until_the_day_before_its_repeal(
    checkout: Path, inputs: LintInputs, tmp_path: Path
) -> None:
    path = tmp_path / "schools.yml"
    path.write_text("# law: air-law 95\n" + DOCUMENT, encoding="utf-8")

    before = _found(path, "repealed-article", lint_inputs(checkout, as_of=date(2026, 8, 14)))

    assert before == []
    assert len(_found(path, "repealed-article", inputs)) == 1


def test_findings_of_rml_are_at_the_term_within_its_node(inputs: LintInputs, tmp_path: Path) -> None:
    path = tmp_path / "schools.ttl"
    marked = """\
@prefix rml: <http://w3id.org/rml/> .
@prefix em: <https://w3id.org/emkg/ontology#> .
@prefix ▸ex: <http://e/> .

<#school> a rml:TriplesMap ;
  rml:logicalSource [ rml:source [ a rml:FilePath ; rml:root rml:MappingDirectory ; rml:path "schools.csv" ] ; rml:referenceFormulation rml:CSV ] ;
  rml:subjectMap [ rml:template "https://w3id.org/emkg/id/school/▸{number}" ; rml:class ▸em:Schol ] ;
  rml:predicateObjectMap [ rml:predicate ▸em:studentCounts ; rml:objectMap [ rml:reference ▸"nam" ] ] .
"""
    path.write_text(marked.replace("▸", ""), encoding="utf-8")
    (tmp_path / "schools.csv").write_text("code,name\n", encoding="utf-8")

    found = [
        (one.location.line, one.location.column)
        for one in lint_mappings([path], inputs).findings
        if one.code != "unmapped-column"
    ]

    assert found == _marks(marked)


def test_mappings_linted_together_complete_each_other(inputs: LintInputs, tmp_path: Path) -> None:
    label = "      - [rdfs:label, $(name), zh~lang]\n"
    first, second = tmp_path / "one.yml", tmp_path / "two.yml"
    first.write_text(DOCUMENT.replace(label, ""), encoding="utf-8")
    second.write_text(DOCUMENT.replace("      - [a, em:School]\n", ""), encoding="utf-8")
    (tmp_path / "schools.csv").write_text("code,name\n", encoding="utf-8")

    alone = {one.code for one in lint_mappings([first], inputs).findings}
    together = {one.code for one in lint_mappings([first, second], inputs).findings}

    assert {"required-property", "unmapped-column"} <= alone
    assert not together & {"required-property", "unmapped-column"}


def test_own_shapes_take_the_place_of_the_packaged_ones(checkout: Path, tmp_path: Path) -> None:
    shapes, path = tmp_path / "own.ttl", tmp_path / "schools.yml"
    shapes.write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix em: <https://w3id.org/emkg/ontology#> .
        em:S a sh:NodeShape ; sh:targetClass em:Facility ; sh:property em:P .
        em:P sh:path em:address ; sh:minCount 1 ; sh:severity sh:Warning .""",
        encoding="utf-8",
    )
    path.write_text(DOCUMENT, encoding="utf-8")

    found = _found(path, "required-property", lint_inputs(checkout, as_of=date(2026, 8, 15), shapes=[shapes]))

    assert [(one.severity.value, one.suggestion) for one in found] == [("warning", "em:address")]
