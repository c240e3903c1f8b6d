"""The ontology's modules: described, declared, formatted, and free of claims they must not make."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from emkg.ontology import check_ontology, load_ontology
from emkg.ontology.term import shorten
from emkg.rdf import IRI, parse_file
from emkg.vocabulary import EM, OWL, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from emkg.ontology import Ontology

CAUSAL_LINK = EM + "CausalLink"
SOURCE = "http://purl.org/dc/terms/source"


@pytest.fixture(scope="module")
def ontology(checkout: Path) -> Ontology:
    return load_ontology(checkout / "ontology")


def _users(checkout: Path) -> Iterator[Path]:
    for folder, pattern in (
        ("mappings", "*.yml"),
        ("mappings", "*.ttl"),
        ("shapes", "*.ttl"),
        ("shapes", "*.rq"),
    ):
        yield from sorted((checkout / folder).rglob(pattern))


def _objects(ontology: Ontology, subject: str, predicate: str) -> set[str]:
    return {
        quad.object.value
        for quad in ontology.quads
        if quad.subject == IRI(subject) and quad.predicate.value == predicate
    }


def _instances(ontology: Ontology, class_iri: str) -> set[str]:
    return {iri for iri, term in ontology.terms.items() if class_iri in term.types}


def test_every_term_is_labelled_and_defined_in_both_languages(ontology: Ontology) -> None:
    assert [str(finding) for finding in check_ontology(ontology)] == []


def test_every_module_names_its_version(checkout: Path) -> None:
    for file in sorted((checkout / "ontology").glob("*.ttl")):
        versions = [q.object for q in parse_file(file) if q.predicate.value == OWL + "versionIRI"]
        assert len(versions) == 1, file.name


def test_every_module_is_imported_by_the_whole(checkout: Path, ontology: Ontology) -> None:
    imported = _objects(ontology, EM.rstrip("#"), OWL + "imports")

    files = {file.stem for file in (checkout / "ontology").glob("*.ttl")} - {"emkg"}
    assert imported == {f"{EM.rstrip('#')}/{stem}" for stem in files}


def test_every_term_that_mappings_and_shapes_use_is_declared(checkout: Path, ontology: Ontology) -> None:
    unknown = {
        f"{file.relative_to(checkout)}: em:{name}"
        for file in _users(checkout)
        for name in re.findall(r"(?<![\w:/])em:([A-Za-z]\w*)", file.read_text(encoding="utf-8"))
        if EM + name not in ontology.terms
    }

    assert unknown == set()


def test_modules_hold_one_subject_per_block_in_order(checkout: Path) -> None:
    for file in sorted((checkout / "ontology").glob("*.ttl")):
        blocks = [b for b in file.read_text(encoding="utf-8").split("\n\n") if not b.startswith("@prefix")]
        subjects = [block.split(maxsplit=1)[0].strip("<>") for block in blocks[1:]]
        ranked = sorted(subjects, key=lambda s: (s.startswith("http"), s.partition(":")[2][:1].islower(), s))
        if file.stem != "reused":
            assert subjects == ranked, file.name


def test_every_causal_link_names_its_source_and_its_grade(ontology: Ontology) -> None:
    links = _instances(ontology, CAUSAL_LINK)

    assert links
    for link in links:
        assert _objects(ontology, link, SOURCE), shorten(link)
        assert len(_objects(ontology, link, EM + "evidenceGrade")) == 1, shorten(link)
        assert _objects(ontology, link, EM + "condition"), shorten(link)


def test_causation_is_never_transitive(ontology: Ontology) -> None:
    transitive = _instances(ontology, OWL + "TransitiveProperty")

    assert transitive == {EM + "within", EM + "contains"}


def test_haze_leads_to_what_the_paper_names(ontology: Ontology) -> None:
    paper = "https://w3id.org/emkg/code/source/paper-part-2"
    links = [link for link in _instances(ontology, CAUSAL_LINK) if paper in _objects(ontology, link, SOURCE)]

    effects = {shorten(effect) for link in links for effect in _objects(ontology, link, EM + "effect")}
    assert {shorten(c) for link in links for c in _objects(ontology, link, EM + "cause")} == {
        "code:event/11B19"
    }
    assert effects == {
        "code:event/respiratory-outbreak",
        "code:event/12H00",
        "code:consequence/school-closure",
        "code:consequence/work-stoppage",
    }


def test_the_eight_phases_lie_in_pairs_under_the_four_chapters(ontology: Ontology) -> None:
    scheme = "https://w3id.org/emkg/code/scheme/eight-phases"
    broader = "http://www.w3.org/2004/02/skos/core#broader"
    in_scheme = "http://www.w3.org/2004/02/skos/core#inScheme"

    leaves = [p for p in _instances(ontology, EM + "Phase") if scheme in _objects(ontology, p, in_scheme)]
    chapters = [chapter for leaf in leaves for chapter in _objects(ontology, leaf, broader)]
    assert len(leaves) == 8
    assert sorted(chapters.count(chapter) for chapter in set(chapters)) == [2, 2, 2, 2]


@pytest.mark.parametrize(
    ("form", "joined", "linked"),
    [(1, "false", "false"), (2, "true", "false"), (3, "false", "true"), (4, "true", "true")],
)
def test_the_four_forms_are_the_four_quadrants(
    ontology: Ontology, form: int, joined: str, linked: str
) -> None:
    iri = f"https://w3id.org/emkg/code/form/{form}"

    assert _objects(ontology, iri, EM + "departmentsJoined") == {joined}
    assert _objects(ontology, iri, EM + "networksLinked") == {linked}


def test_each_stage_of_table_one_has_its_form_and_first_year(ontology: Ontology) -> None:
    stages = {}
    for number in range(1, 5):
        iri = f"https://w3id.org/emkg/code/stage/{number}"
        (form,) = _objects(ontology, iri, EM + "form")
        (year,) = _objects(ontology, iri, EM + "fromYear")
        stages[number] = (form[-1], year)

    assert stages == {1: ("1", "1949"), 2: ("2", "2005"), 3: ("3", "2015"), 4: ("4", "2018")}


def test_no_module_says_a_type_twice(ontology: Ontology) -> None:
    seen = [(q.subject, q.object) for q in ontology.quads if q.predicate.value == RDF_TYPE]

    assert len(seen) == len(set(seen))
