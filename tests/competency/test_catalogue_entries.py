"""What data sets say of themselves is judged by `shapes/catalogue.ttl`; the demonstration's own entries are complete."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from emkg.ledger import Ledger
from emkg.pipeline.catalogue import discover_datasets
from emkg.pipeline.gate import Gate
from emkg.pipeline.ingest import IngestInputs, ingest
from emkg.rdf import parse_text
from emkg.validation import CompiledValidator, ShapesGraph, load_shapes
from emkg.vocabulary import CODE, EM, GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from emkg.pipeline.dataset import Dataset

PREFIXES = """
@prefix em: <https://w3id.org/emkg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix class: <https://w3id.org/emkg/code/sharing-class/> .
@prefix : <http://e/> .
"""
LAW = """
:body a em:PublicBody . class:none a em:SharingClass . class:conditional a em:SharingClass . :batch a em:SharingMode .
:article a em:Article ; em:partOf :act . :act em:inForceFrom "2020-01-01"^^xsd:date ; em:inForceUntil "2024-11-01"^^xsd:date .
"""
WHOLE = """
:e a em:CatalogueEntry ; rdfs:label "Fires"@en ; em:dataProvider :body ; em:dataItem "day" ; em:dataFormat "CSV" ;
  em:updateFrequency "daily" ; em:dataClassification "1" ; em:sharingClass class:conditional ; em:sharingMode :batch ;
  em:sharedUnder :article ; em:useCondition "fire brigades"@en ; em:purpose "rescue"@en ; em:validOn "2024-10-31"^^xsd:date .
"""


@pytest.fixture(scope="module")
def shapes(checkout: Path) -> ShapesGraph:
    return load_shapes([checkout / "shapes" / "catalogue.ttl"])


def found(shapes: ShapesGraph, entry: str) -> set[tuple[str, str]]:
    """Severity, and the property or shape that a result is about."""
    report = CompiledValidator().validate(parse_text(PREFIXES + LAW + entry, "turtle"), shapes)
    return {
        (
            result.severity.value.rpartition("#")[2],
            (result.path or str(result.source_shape)).rpartition("#")[2].strip(">"),
        )
        for result in report.results
    }


def test_a_whole_entry_conforms(shapes: ShapesGraph) -> None:
    assert found(shapes, WHOLE) == set()


@pytest.mark.parametrize(
    ("lacks", "severity"),
    [
        ("em:dataProvider :body ;", "Violation"),
        ("em:sharingClass class:conditional ;", "Violation"),
        ('em:validOn "2024-10-31"^^xsd:date', "Violation"),
        ('rdfs:label "Fires"@en ;', "Warning"),
        ('em:dataItem "day" ;', "Warning"),
        ('em:dataFormat "CSV" ;', "Warning"),
        ('em:updateFrequency "daily" ;', "Warning"),
        ('em:dataClassification "1" ;', "Warning"),
        ("em:sharingMode :batch ;", "Warning"),
        ("em:sharedUnder :article ;", "Warning"),
        ('em:useCondition "fire brigades"@en ;', "Warning"),
        ('em:purpose "rescue"@en ;', "Warning"),
    ],
)
def test_a_field_that_the_regulation_names_is_missed(shapes: ShapesGraph, lacks: str, severity: str) -> None:
    assert lacks in WHOLE

    name = lacks.split(maxsplit=1)[0].partition(":")[2]
    assert found(shapes, WHOLE.replace(lacks, "")) == {(severity, name)}


@pytest.mark.parametrize(
    ("is_now", "about"),
    [
        ('em:validOn "2024-11-01"', "CatalogueEntry"),
        ('em:validOn "2019-12-31"', "CatalogueEntry"),
        ("em:sharedUnder :nothing", "sharedUnder"),
        ("em:dataProvider :nobody", "dataProvider"),
        ("em:sharingMode :telepathy", "sharingMode"),
        ("em:sharingClass class:some", "sharingClass"),
    ],
)
def test_what_the_law_does_not_bear_is_a_violation(shapes: ShapesGraph, is_now: str, about: str) -> None:
    place, _, value = is_now.partition(" ")
    was = next(
        part for part in WHOLE.replace(";", "\n").replace(" .", "\n").split("\n") if place in part
    ).strip()
    now = f"{place} {value}^^xsd:date" if value.startswith('"') else is_now

    assert ("Violation", about) in found(shapes, WHOLE.replace(was, now))


def test_data_that_are_not_shared_need_the_article_that_says_so(shapes: ShapesGraph) -> None:
    none = WHOLE.replace("class:conditional", "class:none")

    assert found(shapes, none) == {("Violation", "CatalogueEntry")}
    assert found(shapes, none.replace("em:sharedUnder", "em:nonSharingGround")) == set()


@pytest.fixture(scope="module")
def inputs(checkout: Path) -> Iterator[IngestInputs]:
    """A ledger with the ontology and the reference data."""
    gate = Gate.of([checkout / "shapes" / "catalogue.ttl"])
    with Ledger.open(None) as ledger:
        own = IngestInputs(ledger, "http://e/", checkout, gate)
        ingest([one for one in discover_datasets(checkout) if one.policy is None], replace(own, gate=None))
        yield own


def entries_of(checkout: Path) -> Dataset:
    return next(one for one in discover_datasets(checkout) if one.name == "catalogue/entries")


def test_the_demonstrations_entries_are_complete_and_rest_on_law_in_force(
    checkout: Path, inputs: IngestInputs
) -> None:
    report = ingest([entries_of(checkout)], inputs).datasets[0]

    kinds = inputs.ledger.statements(graphs=[GRAPH + "catalogue"], predicates=[EM + "sharingClass"])
    described = set(kinds.read_all()["s"].to_pylist())
    mapped = {
        f"<{one.graph}>" for one in discover_datasets(checkout) if one.mapping and one.policy is not None
    }
    assert (report.findings, report.withheld) == ((), 0)
    assert described == mapped


def test_an_entry_on_law_that_had_ended_waits(checkout: Path, inputs: IngestInputs, tmp_path: Path) -> None:
    entries = entries_of(checkout)
    air = next(path for path in entries.rdf_files if path.name == "air-quality.entry.ttl")
    changed = tmp_path / air.name
    text = air.read_text(encoding="utf-8")
    changed.write_text(text.replace("ecoenv-code-1/article/23", "air-law/article/95"), encoding="utf-8")

    report = ingest([replace(entries, rdf_files=(changed,))], inputs).datasets[0]

    (finding,) = report.findings
    assert finding.value == f"<{CODE}act/air-law/article/95>"
    assert "失效" in finding.messages["zh"]
    assert inputs.ledger.quarantine.statements("catalogue/entries").read_all().num_rows == report.withheld > 0
