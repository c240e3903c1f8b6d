"""What is kept of a dataset's rows from one run to the next, in a folder beside the ledger, by dataset and digest."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from emkg.mapping import FormerRows

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.ledger import Ledger, RunRecord
    from emkg.mapping import MappingRun

_ROWS: Final = "rows.parquet"
_SETTINGS: Final = "settings"
# Of fewer rows nothing is kept: mapping them again takes about a second.
LEAST_ROWS: Final = 20_000


@dataclass(frozen=True)
class KeptRows:
    """The rows of one dataset's last run; nothing is kept where there is no `root` (a ledger in memory).

    Attributes:
        root: The folder for all datasets.
        dataset: The dataset's name.
        settings: A digest of all that decides on the statements besides the sources; rows of others are of no use.
    """

    root: Path | None
    dataset: str
    settings: str

    def former(self, ledger: Ledger, last: RunRecord | None) -> FormerRows | None:
        """What the last accepted run kept; None where that was nothing, or its settings were others."""
        if self.root is None or last is None:
            return None
        folder = self._folder / last.digest
        noted = folder / _SETTINGS
        if not noted.is_file() or noted.read_text(encoding="utf-8") != self.settings:
            return None
        faulty: dict[str, set[int]] = {}
        records = ledger.quarantine.records(self.dataset).read_all().select(["file", "row"]).to_pylist()
        for record in records:
            if record["row"] is not None:
                faulty.setdefault(record["file"], set()).add(record["row"])
        graphs = last.graphs
        return FormerRows(
            folder / _ROWS, faulty, lambda objects: ledger.pointing_at(objects, graphs, self.dataset)
        )

    def keep(self, run: MappingRun, digest: str) -> None:
        """Write a run's rows, to be found when it was accepted with this digest."""
        if self.root is None or run.report.rows < LEAST_ROWS:
            return
        folder = self._folder / digest
        folder.mkdir(parents=True, exist_ok=True)
        if run.write_rows(folder / _ROWS):
            (folder / _SETTINGS).write_text(self.settings, encoding="utf-8")

    def forget_others(self, digest: str) -> None:
        """Remove what other runs of the dataset kept."""
        if self.root is None or not self._folder.is_dir():
            return
        for folder in self._folder.iterdir():
            if folder.name != digest:
                shutil.rmtree(folder, ignore_errors=True)

    @property
    def _folder(self) -> Path:
        assert self.root is not None  # noqa: S101 - asked by all callers
        return self.root / quote(self.dataset, safe="")
