from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from emkg.errors import CancelledError, DataError, GateError, MappingError, NotFoundError, SourceError
from emkg.pipeline.catalogue import discover_datasets
from emkg.pipeline.dataset import Dataset, GatePolicy, Policy
from emkg.pipeline.gate import Gate
from emkg.pipeline.hooks import IngestHooks, Stage
from emkg.pipeline.ingest import IngestInputs, IngestOptions, ingest
from emkg.pipeline.report import Outcome
from emkg.reasoning import INFERRED_ONTOLOGY
from emkg.vocabulary import EM, GRAPH, ID, PROV, RDF_TYPE, REPORT_GRAPH, SH

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.pipeline.hooks import StageProgress

FIRE = GRAPH + "fire/incidents"
KNOWN_DISTRICT = """
ex:DistrictShape a sh:NodeShape ; sh:targetClass ex:Incident ; sh:property [ sh:path ex:district ; sh:class ex:District ] .
"""


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
        inputs.ledger.quarantine.records("fire/incidents").read_all().to_pylist(),
        key=lambda row: str(row["reason"]),
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
    report = ingest([modules, replace(fire, policy=GatePolicy(Policy.REJECT)), other], inputs)
    _, rejected, loaded = report.datasets
    assert (rejected.outcome, loaded.outcome) == (Outcome.REJECTED, Outcome.LOADED)
    assert subjects(inputs) == set()
    assert inputs.ledger.last_run("fire/incidents") is None
    with pytest.raises(GateError, match="fire/incidents was rejected for 1 findings") as caught:
        report.raise_for_gate()
    assert "应填受伤人数" in caught.value.message_zh


def _with_severity(workspace: Path, inputs: IngestInputs, severity: str) -> IngestInputs:
    path = workspace / "shapes" / "city.ttl"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("sh:minCount 1 ;", f"sh:minCount 1 ; sh:severity sh:{severity} ;"))
    return replace(inputs, gate=Gate.of_content(workspace))


@pytest.mark.parametrize("severity", ["Warning", "Info"])
def test_each_severity_has_a_policy_of_its_own(workspace: Path, inputs: IngestInputs, severity: str) -> None:
    inputs = _with_severity(workspace, inputs, severity)
    modules, fire = discover_datasets(workspace)
    loaded = ingest([modules, fire], inputs).datasets[1]
    strict = GatePolicy(**{severity.lower(): Policy.QUARANTINE})
    withheld = ingest([replace(fire, policy=strict)], inputs).datasets[0]
    rejecting = GatePolicy(**{severity.lower(): Policy.REJECT})
    rejected = ingest([replace(fire, policy=rejecting)], inputs).datasets[0]
    assert (loaded.withheld, withheld.withheld, loaded.severities) == (0, 2, {severity: 1})
    assert (rejected.outcome, len(rejected.rejected_for)) == (Outcome.REJECTED, 1)


def waiting(inputs: IngestInputs) -> set[tuple[str, str, str]]:
    rows = inputs.ledger.quarantine.statements("fire/incidents").read_all().to_pylist()
    return {(row["s"], row["p"], row["o"]) for row in rows}


def test_the_statements_of_a_withheld_node_wait(workspace: Path, inputs: IngestInputs) -> None:
    ingest(discover_datasets(workspace), inputs)
    assert waiting(inputs) == {
        ("<http://e/id/incident/3>", f"<{RDF_TYPE}>", "<http://e/Fire>"),
        ("<http://e/id/incident/3>", "<http://e/district>", "<http://e/district/a>"),
    }
    (workspace / "data" / "incidents.csv").write_text("no,injured,district\n1,0,A\n3,2,A\n")
    ingest(discover_datasets(workspace), inputs)
    assert waiting(inputs) == set()
    assert "<http://e/id/incident/3>" in subjects(inputs)


def test_a_released_node_is_accepted_as_it_stands_and_no_other_way(
    workspace: Path, inputs: IngestInputs
) -> None:
    node, quarantine = "<http://e/id/incident/3>", inputs.ledger.quarantine
    ingest(discover_datasets(workspace), inputs)
    quarantine.release("fire/incidents", [node], "counted by telephone")
    report = ingest(discover_datasets(workspace), inputs).datasets[1]
    assert (report.outcome, report.released, report.withheld) == (Outcome.LOADED, 1, 0)
    assert report.severities == {"Violation": 1}
    assert node in subjects(inputs)
    assert [(one.node, one.reason) for one in quarantine.releases()] == [(node, "counted by telephone")]
    assert ingest(discover_datasets(workspace), inputs).datasets[1].outcome is Outcome.SKIPPED

    (workspace / "data" / "incidents.csv").write_text("no,injured,district\n3,some,B\n")
    other = ingest(discover_datasets(workspace), inputs).datasets[1]
    assert (other.released, node in subjects(inputs)) == (0, False)


def test_a_release_is_taken_back(workspace: Path, inputs: IngestInputs) -> None:
    node, quarantine = "<http://e/id/incident/3>", inputs.ledger.quarantine
    ingest(discover_datasets(workspace), inputs)
    quarantine.release("fire/incidents", [node], "counted by telephone")
    ingest(discover_datasets(workspace), inputs)
    quarantine.revoke("fire/incidents", [node])
    assert ingest(discover_datasets(workspace), inputs).datasets[1].withheld == 2
    assert node not in subjects(inputs)
    for call in (quarantine.revoke, lambda *names: quarantine.release(*names, "why")):
        with pytest.raises(NotFoundError):
            call("fire/incidents", ["<http://e/nobody>"])
    assert quarantine.releases() == ()


def test_a_node_is_judged_again_when_what_it_points_at_changes(workspace: Path, inputs: IngestInputs) -> None:
    path = workspace / "shapes" / "city.ttl"
    path.write_text(path.read_text(encoding="utf-8") + KNOWN_DISTRICT, encoding="utf-8")
    inputs = replace(inputs, gate=Gate.of_content(workspace), rules=None)
    districts = workspace / "districts.ttl"
    districts.write_text("<http://e/district/a> a <http://e/District> .")
    known = Dataset("city/districts", GRAPH + "city/districts", rdf_files=(districts,), policy=None)
    _, fire = discover_datasets(workspace)
    modules, _ = discover_datasets(workspace)

    first = ingest([modules, known, fire], inputs).datasets[2]
    again = ingest([known, fire], inputs).datasets[1]
    districts.write_text(
        "<http://e/district/b> a <http://e/District> . <http://e/district/a> a <http://e/District> ."
    )
    retried = ingest([known, fire], inputs).datasets[1]

    assert (first.withheld, again.outcome) == (5, Outcome.SKIPPED)
    assert (retried.outcome, retried.withheld) == (Outcome.LOADED, 2)
    assert subjects(inputs) == {"<http://e/id/incident/1>", "<http://e/id/incident/2>"}


def results(inputs: IngestInputs, as_of: int | None = None) -> set[str]:
    rows = inputs.ledger.statements(graphs=[REPORT_GRAPH], predicates=[SH + "focusNode"], as_of=as_of)
    return set(rows.read_all()["o"].to_pylist())


def test_the_report_on_what_was_accepted_is_kept_and_asked_for_as_of_a_date(
    workspace: Path, inputs: IngestInputs
) -> None:
    reporting = discover_datasets(workspace, policy_of=lambda _: GatePolicy(Policy.REPORT))
    first = ingest(reporting, inputs).generation
    (workspace / "data" / "incidents.csv").write_text("no,injured,district\n1,,A\n2,,B\n3,0,B\n")
    second = ingest(reporting, inputs)
    third = ingest(reporting, inputs)
    assert results(inputs, first) == {"<http://e/id/incident/3>"}
    assert results(inputs) == {"<http://e/id/incident/1>", "<http://e/id/incident/2>"}
    assert third.generation == second.generation
    inferred = inputs.ledger.statements(graphs=[INFERRED_ONTOLOGY]).read_all()
    assert not any("validation" in subject for subject in inferred["s"].to_pylist())


def test_the_report_is_renewed_when_a_graph_becomes_empty(workspace: Path, inputs: IngestInputs) -> None:
    reporting = discover_datasets(workspace, policy_of=lambda _: GatePolicy(Policy.REPORT))
    ingest(reporting, inputs)
    before = results(inputs)
    (workspace / "data" / "incidents.csv").write_text("no,injured,district\n")
    ingest(reporting, inputs)
    assert (before, results(inputs)) == ({"<http://e/id/incident/3>"}, set())


def test_the_record_of_the_report_counts_violations_and_warnings(
    workspace: Path, inputs: IngestInputs
) -> None:
    inputs = _with_severity(workspace, inputs, "Warning")
    ingest(discover_datasets(workspace), inputs)
    run = f"<{ID}run/{inputs.ledger.last_run('validation').generation}>"
    rows = inputs.ledger.statements(graphs=[GRAPH + "provenance"]).read_all().to_pylist()
    counts = {row["p"]: row["o"].partition("^^")[0] for row in rows if row["s"] == run}
    assert (counts[f"<{EM}violations>"], counts[f"<{EM}warnings>"]) == ('"0"', '"1"')


def test_report_loads_what_it_found_fault_with(workspace: Path, inputs: IngestInputs) -> None:
    _, fire = discover_datasets(workspace, policy_of=lambda _: GatePolicy(Policy.REPORT))
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
    is_loaded = stage in {Stage.JUDGE, Stage.REASON}
    assert len(subjects(inputs)) == (3 if is_loaded else 0)
    assert {one.total for one in seen} == {1}
    assert {one.dataset for one in seen} == ({"fire/incidents", ""} if is_loaded else {"fire/incidents"})


def test_the_run_is_a_prov_activity_with_its_files(workspace: Path, inputs: IngestInputs) -> None:
    ingest(discover_datasets(workspace), inputs)
    rows = inputs.ledger.statements(graphs=[GRAPH + "provenance"]).read_all().to_pylist()
    titles = {row["o"] for row in rows if row["p"] == "<http://purl.org/dc/terms/title>"}
    assert {'"data/incidents.csv"', '"fire/incidents.yml"', '"crosswalks/districts.sssom.tsv"'} <= titles
    assert f"<{FIRE}>" in {row["s"] for row in rows if row["p"] == f"<{PROV}wasGeneratedBy>"}
