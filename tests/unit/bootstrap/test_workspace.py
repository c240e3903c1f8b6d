from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emkg.bootstrap import (
    demonstration_workspace,
    ingest_workspace,
    open_evaluator,
    open_ledger,
    open_workspace,
    prepare_demonstration,
    version,
    why_inputs,
)
from emkg.errors import LedgerError, LedgerLockedError, NotFoundError, SettingsError
from emkg.pipeline.dataset import GatePolicy, Policy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MAPPING = """
sources:
  fires:
    access: data:fires.csv
    referenceFormulation: csv
mappings:
  fire:
    sources: [fires]
    s: http://e/fire/$(no)
    po: [[a, http://e/Fire~iri]]
"""
SHAPES = """
@prefix ex: <http://e/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:Fire a sh:NodeShape ; sh:targetClass ex:Fire ; sh:property [ sh:path ex:place ; sh:minCount 1 ] .
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's cache folder, empty; the current folder is no workspace."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.delenv("EMKG_WORKSPACE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def make_city(tmp_path: Path) -> Callable[..., Path]:
    """Writes a city's workspace with one dataset."""

    def make(toml: str = "", shapes: str = "") -> Path:
        texts = {
            "emkg.toml": f'[city]\ndivision = "330200"\nlevel = "county"\n{toml}',
            "mappings/fire/fires.yml": MAPPING,
            "data/fires.csv": "no\n1\n2\n",
        } | ({"shapes/fire.ttl": shapes} if shapes else {})
        for name, text in texts.items():
            path = tmp_path / "city" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path / "city"

    return make


def test_without_a_workspace_the_demonstration_in_the_cache_folder_is_meant(cache: Path) -> None:
    workspace = open_workspace()

    assert workspace.root == cache / "emkg" / "demonstration"
    assert workspace.settings.city.is_generated
    assert not workspace.ledger_path.exists()


def test_the_folder_named_wins_over_the_variable_and_that_over_the_current_folder(
    make_city: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = make_city()
    named, variable = (demonstration_workspace(tmp_path / name).root for name in ("named", "variable"))
    monkeypatch.chdir(here)

    assert open_workspace().root == here
    monkeypatch.setenv("EMKG_WORKSPACE", str(variable))
    assert open_workspace().root == variable
    assert open_workspace(named).root == named


def test_a_folder_that_is_no_workspace_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="emkg init"):
        open_workspace(tmp_path)


def test_what_the_user_wrote_into_the_demonstrations_settings_stays(tmp_path: Path) -> None:
    toml = demonstration_workspace(tmp_path).root / "emkg.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("示范市", "样板市"), encoding="utf-8")

    assert demonstration_workspace(tmp_path).settings.city.name_zh == "样板市"


def test_a_city_has_the_law_and_its_own_datasets_and_shapes(make_city: Callable[..., Path]) -> None:
    workspace = open_workspace(make_city(shapes=SHAPES))

    names = [dataset.name for dataset in workspace.datasets()]

    assert names[0] == "ontology/modules"
    assert "reference/duties" in names
    assert names[-1] == "fire/fires"
    assert {name.partition("/")[0] for name in names} == {"ontology", "reference", "fire"}
    assert [path.name for path in workspace.shapes()] == ["catalogue.ttl", "fire.ttl", "records.ttl"]


def test_a_citys_own_shapes_take_the_place_of_emkgs(make_city: Callable[..., Path]) -> None:
    root = make_city()
    (root / "shapes").mkdir(exist_ok=True)
    (root / "shapes" / "catalogue.ttl").write_text("")

    shapes = {path.name: path.parent.parent == root.resolve() for path in open_workspace(root).shapes()}

    assert (shapes["catalogue.ttl"], shapes["records.ttl"]) == (True, False)


def test_the_demonstration_has_the_six_departments_and_their_shapes() -> None:
    workspace = open_workspace()

    departments = {dataset.department for dataset in workspace.datasets()}

    assert departments >= {"environment", "weather", "health", "police", "education", "economy"}
    assert "real" not in departments
    assert [path.name for path in workspace.shapes()] == ["catalogue.ttl", "city.ttl", "records.ttl"]
    assert "catalogue/entries" in {dataset.name for dataset in workspace.datasets()}


def test_the_gates_policy_is_that_of_the_settings(make_city: Callable[..., Path]) -> None:
    workspace = open_workspace(make_city('[gate]\npolicy = "reject"\ninfo = "quarantine"\n'))

    policies = {dataset.department: dataset.policy for dataset in workspace.datasets()}

    assert policies["fire"] == GatePolicy(Policy.REJECT, Policy.REPORT, Policy.QUARANTINE)
    assert policies["reference"] is None


@pytest.mark.parametrize("name", ["fire/fires", "fire"])
def test_a_dataset_may_have_another_policy_than_the_city(make_city: Callable[..., Path], name: str) -> None:
    own = f'[gate.datasets."{name}"]\nwarning = "reject"\n[gate.datasets.reference]\npolicy = "reject"\n'

    policies = {one.name: one.policy for one in open_workspace(make_city(own)).datasets()}

    assert policies["fire/fires"] == GatePolicy(warning=Policy.REJECT)


def test_a_policy_for_a_dataset_that_is_not_there_is_refused(make_city: Callable[..., Path]) -> None:
    workspace = open_workspace(make_city('[gate.datasets."fire/fire"]\npolicy = "reject"\n'))

    with pytest.raises(SettingsError, match="did you mean fire/fires"):
        workspace.datasets()


def test_the_policy_of_a_dataset_comes_before_its_departments(make_city: Callable[..., Path]) -> None:
    own = '[gate.datasets.fire]\npolicy = "reject"\ninfo = "reject"\n[gate.datasets."fire/fires"]\npolicy = "report"\n'

    policies = {one.name: one.policy for one in open_workspace(make_city(own)).datasets()}

    assert policies["fire/fires"] == GatePolicy(Policy.REPORT, Policy.REPORT, Policy.REJECT)


def test_a_question_means_the_citys_own_place_and_level(make_city: Callable[..., Path]) -> None:
    context = open_workspace(make_city()).ask_context

    assert context.defaults == {"jurisdiction": "330200", "level": "county"}


def test_a_ledger_that_is_not_there_names_the_command_that_makes_it(make_city: Callable[..., Path]) -> None:
    for workspace, command in ((open_workspace(), "emkg demo"), (open_workspace(make_city()), "emkg ingest")):
        with (
            pytest.raises(LedgerError, match=f"run `{command}` first") as refused,
            open_ledger(workspace, read_only=True),
        ):
            pass
        assert command in refused.value.message_zh
        assert not workspace.ledger_path.exists()


def test_datasets_are_ingested_queried_and_explained(make_city: Callable[..., Path]) -> None:
    workspace = open_workspace(make_city())

    with open_ledger(workspace) as ledger:
        report = ingest_workspace(workspace, ledger, ["fire"])
        with open_evaluator(ledger, workspace.settings) as evaluator:
            fires = evaluator.select("SELECT ?fire { ?fire a <http://e/Fire> }").rows
        inputs = why_inputs(workspace, ledger)

    assert [one.dataset for one in report.datasets] == ["fire/fires"]
    assert len(fires) == 2
    assert inputs.data_root == workspace.data_root
    assert {"callsForDuty", "callsOn"} <= {rule.name for rule in inputs.rules}


def test_the_run_is_recorded_with_the_installed_version(make_city: Callable[..., Path]) -> None:
    workspace = open_workspace(make_city())

    with open_ledger(workspace) as ledger:
        ingest_workspace(workspace, ledger, ["fire"])
        provenance = [row["o"] for row in ledger.statements().read_all().to_pylist()]

    assert any(f"emkg {version()}" in text for text in provenance)


def test_a_dataset_that_is_not_there_is_refused(make_city: Callable[..., Path]) -> None:
    workspace = open_workspace(make_city())

    with open_ledger(workspace) as ledger, pytest.raises(NotFoundError, match="no dataset flood"):
        ingest_workspace(workspace, ledger, ["flood"])


def test_a_ledger_that_is_open_elsewhere_is_refused(demonstration_ledger_in_use: Path) -> None:
    workspace = open_workspace(demonstration_ledger_in_use)

    with pytest.raises(LedgerLockedError), open_ledger(workspace):
        pass


def test_only_the_demonstration_prepares_itself_and_only_once(
    make_city: Callable[..., Path], tmp_path: Path
) -> None:
    prepared = demonstration_workspace(tmp_path / "demonstration")
    prepared.ledger_path.touch()

    assert not prepare_demonstration(open_workspace(make_city()))
    assert not prepare_demonstration(prepared)
    assert not prepared.data_root.exists()
