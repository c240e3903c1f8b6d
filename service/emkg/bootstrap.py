"""Settings to wired objects: the one place that knows which part is built from which setting."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from emkg.content import content_root
from emkg.demonstration import Story, generate_city, tell_story
from emkg.errors import LedgerError, Location, SettingsError
from emkg.ledger import Ledger
from emkg.pipeline.catalogue import discover_datasets, select_datasets
from emkg.pipeline.dataset import Dataset, GatePolicy, Policy
from emkg.pipeline.gate import Gate
from emkg.pipeline.ingest import IngestInputs, IngestOptions, ingest
from emkg.pipeline.reason import Rules
from emkg.pipeline.why import WhyInputs
from emkg.plan import Evaluator, FallbackEvaluator, PoolLimits, QueryLimits, UpdateLimits, Updater
from emkg.query import AskContext
from emkg.reasoning import INFERRED_GRAPHS
from emkg.settings import WORKSPACE_FILE, Settings, find_workspace, load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from emkg.pipeline.report import IngestReport

LEDGER_FILE: Final = "ledger.duckdb"
ROWS_FOLDER: Final = "rows"
# What judges every city's data; city.ttl is the demonstration's.
_SHAPES: Final = ("catalogue.ttl", "records.ttl")
_DEMONSTRATION: Final = """\
# The demonstration city: its data was generated, its departments' mappings and shapes come with EMKG.
[city]
name_zh = "示范市"
name_en = "Demonstration City"
division = "310000"
level = "city"
is_generated = true
"""


@dataclass(frozen=True)
class Workspace:
    """A city's folder and its settings."""

    root: Path
    settings: Settings

    @property
    def ledger_path(self) -> Path:
        """The ledger's file; it may not exist yet."""
        return self.root / LEDGER_FILE

    @property
    def data_root(self) -> Path:
        """What `data:` in a mapping means."""
        return self.root / "data"

    def datasets(self) -> tuple[Dataset, ...]:
        """The ontology, the reference data and the city's own datasets.

        Raises:
            SettingsError: `[gate.datasets]` names one that is not there.
        """
        found = discover_datasets(content_root(), policy_of=self._policy)
        if not self.settings.city.is_generated:
            shared = tuple(one for one in found if one.policy is None)
            names = {one.name for one in shared}
            own = discover_datasets(self.root, policy_of=self._policy)
            found = (*shared, *(one for one in own if one.name not in names))
        self._check_gate({name for one in found for name in (one.name, one.department)})
        return found

    def _check_gate(self, known: set[str]) -> None:
        for name in sorted(self.settings.gate.datasets.keys() - known):
            near = get_close_matches(name, known, 1)
            hint = f"; did you mean {near[0]}?" if near else f"; known: {', '.join(sorted(known))}"
            raise SettingsError(
                f"gate.datasets: there is no dataset or department {name}{hint}",
                message_zh=f"gate.datasets：没有名为 {name} 的数据集或部门",
                location=Location(str(self.root / WORKSPACE_FILE)),
            )

    def shapes(self) -> tuple[Path, ...]:
        """The shapes files of the gate; those of the reference data are for its makers, not for every run.

        EMKG's own, unless the workspace has a file of the same name, and the workspace's.
        """
        packaged = content_root() / "shapes"
        own = (
            [packaged / "city.ttl"]
            if self.settings.city.is_generated
            else (self.root / "shapes").glob("*.ttl")
        )
        files = {name: packaged / name for name in _SHAPES} | {path.name: path for path in own}
        return tuple(files[name] for name in sorted(files))

    def _policy(self, dataset: str) -> GatePolicy:
        return GatePolicy(*map(Policy, self.settings.gate.of(dataset)))

    @property
    def ask_context(self) -> AskContext:
        """Whose law and which level a question means when it names neither."""
        city = self.settings.city
        return AskContext(defaults={"jurisdiction": city.division, "level": city.level})


def version() -> str:
    """The installed version, as it stands in provenance and in the service's documents."""
    return metadata.version("emkg")


def open_workspace(named: Path | None = None) -> Workspace:
    """The workspace named, or EMKG_WORKSPACE, or the current folder's; the demonstration city where there is none.

    Raises:
        SettingsError: A folder was named that is no workspace, or a setting is unknown or unusable.
    """
    root = find_workspace(named)
    return demonstration_workspace() if root is None else Workspace(root, load_settings(root))


def demonstration_workspace(root: Path | None = None) -> Workspace:
    """The demonstration city's workspace, made if it is not there: in `root`, or in the user's cache folder."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = (root or cache / "emkg" / "demonstration").resolve()
    if not (folder / WORKSPACE_FILE).is_file():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / WORKSPACE_FILE).write_text(_DEMONSTRATION, encoding="utf-8")
    return Workspace(folder, load_settings(folder))


@contextmanager
def open_ledger(
    workspace: Workspace, *, read_only: bool = False, for_changes: bool = False
) -> Iterator[Ledger]:
    """The workspace's ledger, closed at the end; made where there is none.

    Args:
        workspace: The workspace.
        read_only: Nothing is written; there has to be one.
        for_changes: What others brought in is changed; the demonstration city has to be ingested first.

    Raises:
        LedgerError: There has to be one and nothing was ingested yet.
        LedgerLockedError: Another process, a running service perhaps, owns it.
    """
    is_needed = read_only or (for_changes and workspace.settings.city.is_generated)
    if is_needed and not workspace.ledger_path.exists():
        hint = "emkg demo" if workspace.settings.city.is_generated else "emkg ingest"
        raise LedgerError(
            f"nothing was ingested into {workspace.root} yet; run `{hint}` first",
            message_zh=f"{workspace.root} 尚未导入数据，请先运行 {hint}",
        )
    limits = workspace.settings.ledger
    with Ledger.open(
        workspace.ledger_path,
        memory_limit_mb=limits.memory_limit_mb,
        spill_limit_mb=limits.spill_limit_mb,
        threads=limits.threads,
        read_only=read_only,
    ) as ledger:
        yield ledger


@contextmanager
def open_evaluator(ledger: Ledger, settings: Settings) -> Iterator[Evaluator]:
    """An evaluator over the ledger within the settings' limits; the fallback's processes end with the block."""
    query = settings.query
    limits = QueryLimits(timeout_s=query.timeout_s, max_rows=query.max_rows, max_bytes=query.max_bytes)
    pool = PoolLimits(workers=query.workers, memory_bytes=query.memory_mb << 20)
    evaluator = Evaluator(ledger, FallbackEvaluator(ledger, limits, pool), limits)
    try:
        yield evaluator
    finally:
        evaluator.close()


def updater(workspace: Workspace, ledger: Ledger) -> Updater:
    """What runs SPARQL updates on a workspace's ledger; what datasets and rules write stays as they have it."""
    settings = workspace.settings.update
    graphs = (*INFERRED_GRAPHS, *(dataset.graph for dataset in workspace.datasets()))
    return Updater(
        ledger,
        protected=frozenset(graphs),
        limits=UpdateLimits(timeout_s=settings.timeout_s, max_rows=settings.max_rows),
        agent=f"emkg {version()}",
    )


def ingest_workspace(
    workspace: Workspace, ledger: Ledger, names: Sequence[str] = (), options: IngestOptions | None = None
) -> IngestReport:
    """Run a workspace's datasets (all, or those of these names or departments) into its ledger, then reason.

    Raises:
        NotFoundError: There is no dataset of a name.
        InputError: A mapping, source or shape is wrong.
    """
    content = content_root()
    shapes = workspace.shapes()
    inputs = IngestInputs(
        ledger=ledger,
        base=workspace.settings.base,
        data_root=workspace.data_root,
        rows_root=workspace.root / ROWS_FOLDER,
        gate=Gate.of(shapes),
        rules=Rules.of_content(content),
        agent=f"emkg {version()}",
    )
    return ingest(select_datasets(workspace.datasets(), names), inputs, options)


def why_inputs(workspace: Workspace, ledger: Ledger) -> WhyInputs:
    """What explanations of a workspace's statements are looked up in."""
    rules = Rules.of_content(content_root())
    return WhyInputs(
        ledger=ledger,
        rules=(*rules.axioms, *rules.domain),
        datasets=workspace.datasets(),
        base=workspace.settings.base,
        data_root=workspace.data_root,
    )


def prepare_demonstration(workspace: Workspace) -> bool:
    """Generate and ingest the demonstration city if this is its workspace and it was not done yet.

    Returns:
        Whether anything was done.
    """
    if not workspace.settings.city.is_generated or workspace.ledger_path.exists():
        return False
    generate_city(workspace.data_root)
    with open_ledger(workspace) as ledger:
        ingest_workspace(workspace, ledger)
    return True


def run_demonstration(
    root: Path | None = None, *, scale: int = 1, options: IngestOptions | None = None
) -> Story:
    """Generate the demonstration city into its workspace, ingest it, ask what the haze case asks.

    Raises:
        LedgerLockedError: A service is running on the same workspace.
        CancelledError: The caller stopped it.
    """
    workspace = demonstration_workspace(root)
    city = generate_city(workspace.data_root, scale=scale)
    with open_ledger(workspace) as ledger:
        report = ingest_workspace(workspace, ledger, options=options)
        with open_evaluator(ledger, workspace.settings) as evaluator:
            return tell_story(city, report, ledger, evaluator, workspace.ask_context)
