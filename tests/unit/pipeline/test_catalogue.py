from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emkg.errors import NotFoundError
from emkg.pipeline.catalogue import discover_datasets, select_datasets
from emkg.pipeline.dataset import GatePolicy
from emkg.vocabulary import GRAPH

if TYPE_CHECKING:
    from pathlib import Path


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


def test_examples_on_public_records_are_left_out_unless_named(workspace: Path) -> None:
    assert [one.name for one in discover_datasets(workspace, departments=["real"])] == ["real/example"]


def test_datasets_are_selected_by_name_or_department(workspace: Path) -> None:
    datasets = discover_datasets(workspace)
    assert [one.name for one in select_datasets(datasets, ["fire"])] == ["fire/incidents"]
    assert select_datasets(datasets, []) == datasets
    with pytest.raises(NotFoundError, match="no dataset flood"):
        select_datasets(datasets, ["flood"])
