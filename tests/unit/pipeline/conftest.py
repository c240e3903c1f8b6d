from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emkg.ledger import Ledger
from emkg.pipeline.gate import Gate
from emkg.pipeline.ingest import IngestInputs
from emkg.pipeline.reason import Rules

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAPPING = """
prefixes:
  ex: http://e/
  id: http://e/id/
sources:
  incidents:
    access: data:incidents.csv
    referenceFormulation: csv
mappings:
  incident:
    sources: [incidents]
    s: id:incident/$(no)
    po:
      - [a, ex:Fire]
      - [ex:injured, $(injured), xsd:integer]
      - p: ex:district
        o:
          function: emf:translate
          parameters: [[emf:value, $(district)], [emf:crosswalk, ../crosswalks/districts.sssom.tsv]]
          type: iri
"""
ROWS = "no,injured,district\n1,0,A\n2,3,B\n3,many,A\n"
CROSSWALK = (
    "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
    "A\tskos:exactMatch\thttp://e/district/a\tsemapv:ManualMappingCuration\n"
    "B\tskos:exactMatch\thttp://e/district/b\tsemapv:ManualMappingCuration\n"
)
ONTOLOGY = """
@prefix ex: <http://e/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:Incident a owl:Class .
ex:Fire a owl:Class ; rdfs:subClassOf ex:Incident , [ a owl:Class ] .
"""
SHAPES = """
@prefix ex: <http://e/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:IncidentShape a sh:NodeShape ; sh:targetClass ex:Incident ; sh:property ex:injuredShape .
ex:injuredShape a sh:PropertyShape ; sh:path ex:injured ; sh:minCount 1 ; sh:message "say how many"@en , "应填受伤人数"@zh .
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace of one dataset, `fire/incidents`: row 4 has a bad number, and so misses what the shape wants."""
    texts = {
        "mappings/fire/incidents.yml": MAPPING,
        "mappings/crosswalks/districts.sssom.tsv": CROSSWALK,
        "mappings/real/example.yml": MAPPING,
        "data/incidents.csv": ROWS,
        "ontology/core.ttl": ONTOLOGY,
        "shapes/city.ttl": SHAPES,
    }
    for name, text in texts.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def inputs(workspace: Path) -> Iterator[IngestInputs]:
    with Ledger.open(None) as ledger:
        yield IngestInputs(
            ledger,
            "http://e/base/",
            workspace / "data",
            Gate.of_content(workspace),
            Rules.of_content(workspace),
            "emkg test",
        )
