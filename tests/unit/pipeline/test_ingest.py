from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from emkg.errors import CancelledError, DataError, GateError, MappingError, SourceError
from emkg.pipeline.catalogue import discover_datasets
from emkg.pipeline.dataset import Dataset, Policy
from emkg.pipeline.hooks import IngestHooks, Stage
from emkg.pipeline.ingest import IngestInputs, IngestOptions, ingest
from emkg.pipeline.report import Outcome
from emkg.reasoning import INFERRED_ONTOLOGY
from emkg.vocabulary import GRAPH, PROV, RDF_TYPE

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.pipeline.hooks import StageProgress

FIRE = GRAPH + "fire/incidents"


def subjects(inputs: IngestInputs, graph: str = FIRE) -> set[str]:
    return set(inputs.ledger.statements(graphs=[graph]).read_all()["s"].to_pylist())


def test_rows_become_statements_judged_recorded_and_reasoned_over(
    workspace: Path, inputs: IngestInputs
) -> None:
    report = ingest(discover_datasets(workspace), inputs)
    ontology, fire = report.datasets
    assert (ontology.dataset, ontology.outcome, ontology.added) == ("ontology/modules", Outcome.LOADED, 5)
    assert (fire.dataset, fire.department, fire.rows, fire.statements) == ("fire/incidents", "fire", 3, 8)
    assert fire.quarantined == {"bad-lexical-form": 1, "shacl": 1}
    assert fire.severities == {"Violation": 1}
    assert (fire.withheld, fire.added) == (2, 6)
    assert subjects(inputs) == {"<http://e/id/incident/1>", "<http://e/id/incident/2>"}
    inferred = inputs.ledger.statements(graphs=[INFERRED_ONTOLOGY], predicates=[RDF_TYPE]).read_all()
    assert "<http://e/Incident>" in inferred["o"].to_pylist()
    assert report.generation == inputs.ledger.generation
    assert report.department("fire") == (fire,)


def test_quarantine_names_the_cell_and_the_shape(workspace: Path, inputs: IngestInputs) -> None:
    ingest(discover_datasets(workspace), inputs)
    cell, gate = sorted(
        inputs.ledger.quarantine("fire/incidents").read_all().to_pylist(), key=lambda row: str(row["reason"])
    )
    assert (cell["file"], cell["row"], cell["column"], cell["value"]) == (
        "incidents.csv",
        4,
        "injured",
        "many",
    )
    assert (gate["reason"], gate["file"], gate["row"], gate["column"]) == (
        "shacl",
        "incidents.csv",
        4,
        "injured",
    )
    assert gate["mapping"] == cell["mapping"]
    assert gate["message"] == "<http://e/id/incident/3>: say how many [http://e/injuredShape]"
    assert gate["message_zh"] == "<http://e/id/incident/3>：应填受伤人数 [http://e/injuredShape]"


def test_an_unchanged_dataset_is_not_run_again_and_its_figures_are_kept(
    workspace: Path, inputs: IngestInputs
) -> None:
    first = ingest(discover_datasets(workspace), inputs)
    again = ingest(discover_datasets(workspace), inputs)
    assert [one.outcome for one in again.datasets] == [Outcome.SKIPPED] * 2
    assert (again.inferred, again.generation) == ((), first.generation)
    before, after = first.datasets[1], again.datasets[1]
    assert (after.rows, after.quarantined, after.findings) == (3, before.quarantined, before.findings)
    assert (after.added, after.removed) == (0, 0)


def test_force_runs_it_again_and_changes_nothing(workspace: Path, inputs: IngestInputs) -> None:
    first = ingest(discover_datasets(workspace), inputs)
    again = ingest(discover_datasets(workspace), inputs, IngestOptions(force=True))
    assert [one.outcome for one in again.datasets] == [Outcome.UNCHANGED] * 2
    assert again.generation == first.generation
    assert len(again.inferred) == 2


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("data/incidents.csv", "2,3,B", "2,4,B"),
        ("mappings/crosswalks/districts.sssom.tsv", "http://e/district/b", "http://e/district/c"),
        ("mappings/fire/incidents.yml", "ex:injured", "ex:hurt"),
        ("shapes/city.ttl", "sh:minCount 1", "sh:minCount 0"),
    ],
)
def test_a_change_of_any_input_is_a_delta(
    workspace: Path, inputs: IngestInputs, file: str, old: str, new: str
) -> None:
    from emkg.pipeline.gate import Gate  # noqa: PLC0415 - the shapes are read anew

    ingest(discover_datasets(workspace), inputs)
    path = workspace / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    report = ingest(discover_datasets(workspace), replace(inputs, gate=Gate.of_content(workspace)))
    assert report.datasets[0].outcome is Outcome.SKIPPED
    assert report.datasets[1].outcome is Outcome.LOADED


def test_ten_changed_rows_are_a_small_delta(workspace: Path, inputs: IngestInputs) -> None:
    ingest(discover_datasets(workspace), inputs)
    (workspace / "data" / "incidents.csv").write_text("no,injured,district\n1,0,A\n2,4,B\n")
    report = ingest(discover_datasets(workspace), inputs)
    assert (report.datasets[1].added, report.datasets[1].removed) == (1, 1)


def test_reject_loads_nothing_of_the_run_and_the_others_go_on(workspace: Path, inputs: IngestInputs) -> None:
    modules, fire = discover_datasets(workspace)
    other = Dataset("police/copy", GRAPH + "police/copy", mapping=fire.mapping)
    report = ingest([modules, replace(fire, policy=Policy.REJECT), other], inputs)
    _, rejected, loaded = report.datasets
    assert (rejected.outcome, loaded.outcome) == (Outcome.REJECTED, Outcome.LOADED)
    assert subjects(inputs) == set()
    assert inputs.ledger.last_run("fire/incidents") is None
    with pytest.raises(GateError, match="fire/incidents has 1 violations") as caught:
        report.raise_for_gate()
    assert "应填受伤人数" in caught.value.message_zh


def test_report_loads_what_it_found_fault_with(workspace: Path, inputs: IngestInputs) -> None:
    _, fire = discover_datasets(workspace, policy=Policy.REPORT)
    report = ingest([fire], inputs)
    report.raise_for_gate()
    assert report.datasets[0].severities == {}  # the class hierarchy is not loaded: nothing is an ex:Incident
    modules, _ = discover_datasets(workspace)
    report = ingest([modules, fire], inputs, IngestOptions(force=True))
    assert report.datasets[1].severities == {"Violation": 1}
    assert "<http://e/id/incident/3>" in subjects(inputs)


def test_without_a_gate_and_without_rules_data_is_only_loaded(workspace: Path, inputs: IngestInputs) -> None:
    report = ingest(discover_datasets(workspace), replace(inputs, gate=None, rules=None))
    assert (report.datasets[1].added, report.inferred) == (8, ())


def test_strict_ends_at_the_first_bad_value(workspace: Path, inputs: IngestInputs) -> None:
    with pytest.raises(DataError, match="many") as caught:
        ingest(discover_datasets(workspace), inputs, IngestOptions(strict=True))
    assert caught.value.location is not None
    assert caught.value.location.row == 4
    assert subjects(inputs) == set()


def test_a_missing_source_is_named_and_what_was_loaded_stays(workspace: Path, inputs: IngestInputs) -> None:
    ingest(discover_datasets(workspace), inputs)
    (workspace / "data" / "incidents.csv").unlink()
    with pytest.raises(SourceError, match=r"incidents\.csv"):
        ingest(discover_datasets(workspace), inputs)
    assert len(subjects(inputs)) == 2


def test_a_graph_of_another_dataset_is_not_overwritten(workspace: Path, inputs: IngestInputs) -> None:
    _, fire = discover_datasets(workspace)
    ingest([fire], inputs)
    with pytest.raises(MappingError, match="is a graph of fire/incidents"):
        ingest([Dataset("police/copy", FIRE, mapping=fire.mapping)], inputs)


def test_a_graph_that_a_run_no_longer_writes_becomes_empty(workspace: Path, inputs: IngestInputs) -> None:
    document = workspace / "facts.trig"
    document.write_text("<http://e/a> <http://e/p> _:x . <http://e/g> { <http://e/b> <http://e/p> _:x . }")
    dataset = Dataset("city/facts", GRAPH + "city/facts", rdf_files=(document,))
    ingest([dataset], inputs)
    assert subjects(inputs, "http://e/g") == {"<http://e/b>"}
    document.write_text("<http://e/a> <http://e/p> _:x .")
    report = ingest([dataset], inputs)
    assert subjects(inputs, "http://e/g") == set()
    assert (report.datasets[0].added, report.datasets[0].removed) == (0, 1)


@pytest.mark.parametrize("stage", list(Stage))
def test_cancelling_leaves_nothing_half_done(workspace: Path, inputs: IngestInputs, stage: Stage) -> None:
    cancelled, seen = threading.Event(), []

    def follow(progress: StageProgress) -> None:
        seen.append(progress)
        if progress.stage is stage:
            cancelled.set()

    _, fire = discover_datasets(workspace)
    hooks = IngestHooks(follow, cancelled)
    with pytest.raises(CancelledError):
        ingest([fire], inputs, IngestOptions(hooks=hooks))
    assert len(subjects(inputs)) == (3 if stage is Stage.REASON else 0)
    assert {(one.dataset, one.total) for one in seen if one.stage is not Stage.REASON} == {
        ("fire/incidents", 1)
    }


def test_the_run_is_a_prov_activity_with_its_files(workspace: Path, inputs: IngestInputs) -> None:
    ingest(discover_datasets(workspace), inputs)
    rows = inputs.ledger.statements(graphs=[GRAPH + "provenance"]).read_all().to_pylist()
    titles = {row["o"] for row in rows if row["p"] == "<http://purl.org/dc/terms/title>"}
    assert {'"data/incidents.csv"', '"fire/incidents.yml"', '"crosswalks/districts.sssom.tsv"'} <= titles
    assert f"<{FIRE}>" in {row["s"] for row in rows if row["p"] == f"<{PROV}wasGeneratedBy>"}
