from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emkg.errors import NotFoundError
from emkg.pipeline.catalogue import discover_datasets, select_datasets
from emkg.pipeline.dataset import GatePolicy, Policy
from emkg.vocabulary import GRAPH

if TYPE_CHECKING:
    from pathlib import Path

POLICIES = {"catalogue/entries": Policy.REJECT}


def test_the_ontology_comes_first_then_reference_data_then_departments(workspace: Path) -> None:
    for name in ("reference/bodies.yml", "education/schools.rml.ttl", "education/notes.md"):
        path = workspace / "mappings" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    datasets = discover_datasets(workspace)
    assert [one.name for one in datasets] == [
        "ontology/modules",
        "reference/bodies",
        "education/schools",
        "fire/incidents",
    ]
    assert [one.graph.removeprefix(GRAPH) for one in datasets] == [
        "ontology",
        "reference/bodies",
        "education/schools",
        "fire/incidents",
    ]
    assert [one.policy for one in datasets] == [None] * 2 + [GatePolicy()] * 2


def test_what_datasets_say_of_themselves_is_one_more_dataset(workspace: Path) -> None:
    for name in ("fire/incidents.entry.ttl", "police/sites.entry.ttl"):
        path = workspace / "mappings" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    found = discover_datasets(
        workspace, policy_of=lambda name: GatePolicy(info=POLICIES.get(name, Policy.REPORT))
    )
    entries = next(one for one in found if one.name == "catalogue/entries")
    assert [path.name for path in entries.rdf_files] == ["incidents.entry.ttl", "sites.entry.ttl"]
    assert (entries.graph, entries.policy) == (GRAPH + "catalogue", GatePolicy(info=Policy.REJECT))


def test_examples_on_public_records_are_left_out_unless_named(workspace: Path) -> None:
    assert [one.name for one in discover_datasets(workspace, departments=["real"])] == ["real/example"]


def test_datasets_are_selected_by_name_or_department(workspace: Path) -> None:
    datasets = discover_datasets(workspace)
    assert [one.name for one in select_datasets(datasets, ["fire"])] == ["fire/incidents"]
    assert select_datasets(datasets, []) == datasets
    with pytest.raises(NotFoundError, match="no dataset flood"):
        select_datasets(datasets, ["flood"])
