"""Alignments are SSSOM that anybody can read, and ours say nothing of terms that do not exist."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, TypeAlias

import pytest
from rdflib.namespace import DCAT, GEO, ORG, PROV, SKOS, SOSA, TIME

from emkg.errors import InputError
from emkg.ontology import MappingSet, find_misaligned, load_ontology, read_alignments, read_mapping_set
from emkg.vocabulary import CODE, EM

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from emkg.ontology import Ontology

    Make: TypeAlias = Callable[[str], Ontology]

TARGETS = {
    "org", "prov-o", "skos", "eli", "sosa", "geosparql", "dcat", "owl-time", "cap12", "niem-em", "edxl", "cpsv-ap",
    "inspire-nz", "beaware", "dmdo", "undrr-hips",
}  # fmt: skip
HEADER = """\
#curie_map:
#  em: "https://w3id.org/emkg/ontology#"
#  skos: "http://www.w3.org/2004/02/skos/core#"
#  org: "http://www.w3.org/ns/org#"
#  semapv: "https://w3id.org/semapv/vocab/"
subject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label\tmapping_justification\tconfidence\tcomment
"""
ROW = (
    "em:Body\tBody\tskos:closeMatch\torg:Organization\tan organisation\tsemapv:ManualMappingCuration\t0.9\t\n"
)


@pytest.fixture(scope="module")
def sets(checkout: Path) -> tuple[MappingSet, ...]:
    return read_alignments(checkout / "ontology" / "alignments")


def _set(folder: Path, text: str) -> MappingSet:
    file = folder / "target.sssom.tsv"
    file.write_text(text, encoding="utf-8")
    return read_mapping_set(file)


def test_every_target_has_its_mapping_set(sets: tuple[MappingSet, ...]) -> None:
    assert {one.path.name.partition(".")[0] for one in sets} == TARGETS


def test_every_mapping_set_names_itself_its_licence_and_its_version(sets: tuple[MappingSet, ...]) -> None:
    for one in sets:
        assert {"mapping_set_id", "mapping_set_title", "mapping_set_version", "license"} <= set(one.metadata)


def test_a_mapping_set_without_rows_says_why(sets: tuple[MappingSet, ...]) -> None:
    for one in sets:
        assert one.alignments or one.metadata["comment"], one.path.name


def test_every_subject_is_declared_and_nothing_is_said_twice(
    checkout: Path, sets: tuple[MappingSet, ...]
) -> None:
    ontology = load_ontology(checkout / "ontology")
    with (checkout / "ontology/reference/event-types.csv").open(encoding="utf-8") as text:
        types = {f"{CODE}event/{row['code']}" for row in csv.DictReader(text)}

    assert [str(finding) for finding in find_misaligned(ontology, sets)] == []
    codes = {row.subject for one in sets for row in one.alignments if not row.subject.startswith(EM)}
    assert codes - types - ontology.terms.keys() == set()


def test_every_row_is_curated_by_hand_and_labelled(sets: tuple[MappingSet, ...]) -> None:
    for row in (row for one in sets for row in one.alignments):
        assert row.justification == "https://w3id.org/semapv/vocab/ManualMappingCuration"
        assert row.object_label, row.location


@pytest.mark.filterwarnings("error")
def test_terms_of_closed_vocabularies_exist(sets: tuple[MappingSet, ...]) -> None:
    closed = {str(space): space for space in (DCAT, GEO, ORG, PROV, SKOS, SOSA, TIME)}

    checked = 0
    for row in (row for one in sets for row in one.alignments):
        for start, space in closed.items():
            if row.object.startswith(start):
                assert str(space[row.object.removeprefix(start)]) == row.object
                checked += 1
    assert checked > 50


def test_curies_are_expanded(tmp_path: Path) -> None:
    (row,) = _set(tmp_path, HEADER + ROW).alignments

    assert (row.subject, row.object) == (EM + "Body", "http://www.w3.org/ns/org#Organization")
    assert row.confidence == 0.9
    assert row.location.line == 7


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (ROW, 1, "no header"),
        ("#a: [\n" + ROW, 1, "no YAML"),
        ("#license: x\n" + ROW, 1, "no curie_map"),
        (HEADER.replace("comment", "remark") + ROW, 6, "columns"),
        (HEADER + ROW.replace("org:", "orgs:"), 7, "prefix"),
        (HEADER + ROW.replace("0.9", "1.9"), 7, "confidence"),
        (HEADER + ROW.replace("0.9", "sure"), 7, "confidence"),
        (HEADER + "em:Body\tBody\n", 7, "missing"),
    ],
)
def test_a_fault_in_a_mapping_set_is_located(tmp_path: Path, text: str, line: int, reason: str) -> None:
    with pytest.raises(InputError, match=reason) as caught:
        _set(tmp_path, text)

    assert caught.value.location is not None
    assert caught.value.location.line == line


def test_an_undeclared_subject_a_wrong_relation_and_a_repetition_are_found(
    ontology_of: Make, tmp_path: Path
) -> None:
    rows = ROW.replace("em:Body", "em:Bodi") + ROW.replace("closeMatch", "broader") + ROW + ROW

    findings = list(find_misaligned(ontology_of(""), [_set(tmp_path, HEADER + rows)]))

    lines = {each.problem: each.location.line for each in findings if each.location}
    assert lines == {"undeclared-term": 7, "no-alignment": 8, "duplicate-alignment": 10}
    assert "did you mean em:Body" in findings[0].message
