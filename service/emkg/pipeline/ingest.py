"""The whole way of the data: read, map, stage, judge, commit, dataset by dataset; then reason."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pyarrow as pa

from emkg.errors import Location, MappingError
from emkg.ledger import Activity, StagedPart
from emkg.mapping.parse import parse_mapping
from emkg.pipeline.digest import InputDigest, definition_of, digest_inputs, files_of, surroundings_of
from emkg.pipeline.gate import LastRun, Origin, judge, judge_part
from emkg.pipeline.hooks import IngestHooks, Stage, StageProgress
from emkg.pipeline.judgement import APART, renew_report
from emkg.pipeline.kept_rows import KeptRows
from emkg.pipeline.reading import MappedInput, read_mapped, read_rdf
from emkg.pipeline.reason import reason
from emkg.pipeline.report import DatasetReport, IngestReport, Outcome
from emkg.rdf.relation import NO_STATEMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from emkg.ledger import Commit, Ledger, RunRecord, Staged
    from emkg.mapping import FormerRows, Mapping
    from emkg.pipeline.dataset import Dataset
    from emkg.pipeline.gate import Gate, Judgement
    from emkg.pipeline.reading import Reading
    from emkg.pipeline.reason import Rules
    from emkg.reasoning import Materialisation


@dataclass(frozen=True)
class IngestInputs:
    """What every dataset of an ingest shares.

    Attributes:
        ledger: Where to.
        base: The base of relative IRIs in mappings.
        data_root: The folder that `data:` in a mapping means.
        gate: The shapes to judge by; None loads without.
        rules: What to infer; None leaves the inferred graphs alone.
        agent: The software and its version; a new version runs every dataset again.
        rows_root: Where digests of rows are kept, so that a changed dataset need not be mapped as a whole; None for nowhere.
    """

    ledger: Ledger
    base: str
    data_root: Path | None = None
    gate: Gate | None = None
    rules: Rules | None = None
    agent: str = "emkg"
    rows_root: Path | None = None


@dataclass(frozen=True)
class IngestOptions:
    """`force` runs datasets although nothing changed; `strict` ends at the first value that does not fit."""

    force: bool = False
    strict: bool = False
    hooks: IngestHooks = field(default_factory=IngestHooks)


def ingest(
    datasets: Sequence[Dataset], inputs: IngestInputs, options: IngestOptions | None = None
) -> IngestReport:
    """Bring datasets into the ledger, each one whole or not at all, and the inferred graphs up to date.

    A dataset that the gate rejects does not stop the others; see `IngestReport.raise_for_gate`. Any other
    failure ends the ingest; the datasets before it stay.

    Raises:
        MappingError: A mapping is wrong, or writes into a graph of another dataset.
        SourceError: A source cannot be read as described.
        DataError: `strict`, and a value does not fit.
        CancelledError: The caller stopped it.
    """
    options = options or IngestOptions()
    started = time.perf_counter()
    reports = []
    for number, dataset in enumerate(datasets, start=1):

        def begin(stage: Stage, name: str = dataset.name, at: int = number) -> None:
            options.hooks.begin(StageProgress(stage, name, at, len(datasets)))

        reports.append(_Run(dataset, inputs, options, begin).report())
    gate = inputs.gate
    if gate is not None:
        options.hooks.begin(StageProgress(Stage.JUDGE, "", len(datasets), len(datasets)))
        renew_report(inputs.ledger, gate.shapes, gate.files, agent=inputs.agent, force=options.force)
    inferred: tuple[Materialisation, ...] = ()
    if inputs.rules is not None:
        options.hooks.begin(StageProgress(Stage.REASON, "", len(datasets), len(datasets)))
        inferred = reason(inputs.ledger, inputs.rules, agent=inputs.agent, force=options.force)
    return IngestReport(tuple(reports), inferred, inputs.ledger.generation, time.perf_counter() - started)


@dataclass(frozen=True)
class _Run:
    """One dataset's way through the stages."""

    dataset: Dataset
    inputs: IngestInputs
    options: IngestOptions
    begin: Callable[[Stage], None]

    def report(self) -> DatasetReport:
        started = time.perf_counter()
        self.begin(Stage.READ)
        mapping = self._mapping()
        digest = self._digest(mapping)
        last = self.inputs.ledger.last_run(self.dataset.name)
        is_same = last is not None and last.digest == digest.text
        if last is not None and is_same and not self._is_to_be_run(last):
            return DatasetReport.skipped(last.details, self.inputs.ledger.generation)
        kept = KeptRows(self.inputs.rows_root, self.dataset.name, self._definition(mapping))
        former = None if self.options.force or is_same else kept.former(self.inputs.ledger, last)
        report = self._run(mapping, digest, last, kept, former)
        if report is None:  # the gate has to see everything
            report = self._run(mapping, digest, last, kept, None)
        assert report is not None  # noqa: S101 - a whole run has a report
        return replace(report, seconds=time.perf_counter() - started)

    def _run(
        self,
        mapping: Mapping | None,
        digest: InputDigest,
        last: RunRecord | None,
        kept: KeptRows,
        former: FormerRows | None,
    ) -> DatasetReport | None:
        """The stages from reading on; None where only a part was read and the gate has to see everything."""
        self.begin(Stage.MAP)
        with self._read(mapping, former) as reading:
            self.begin(Stage.STAGE)
            with self._stage(reading, last.graphs if last else ()) as staged:
                self._check_graphs(staged)
                self.begin(Stage.GATE)
                judgement = self._judge(reading, staged, mapping, last)
                if judgement is None:
                    return None
                report = self._judged(reading, staged, judgement, last)
                if judgement.rejecting:
                    return replace(report, outcome=Outcome.REJECTED)
                self.begin(Stage.COMMIT)
                if reading.run is not None:
                    kept.keep(reading.run, digest.text)
                commit = self._commit(staged, reading, judgement, digest, report)
                kept.forget_others(digest.text)
        return _committed(report, commit)

    def _judge(
        self, reading: Reading, staged: Staged, mapping: Mapping | None, last: RunRecord | None
    ) -> Judgement | None:
        inputs = self.inputs
        origin = Origin(mapping, inputs.base) if mapping else None
        if not isinstance(staged, StagedPart):
            return judge(inputs.gate, inputs.ledger, staged, self.dataset, origin)
        assert last is not None and origin is not None and reading.run is not None  # noqa: S101, PT018 - so a part is read
        findings = DatasetReport.skipped(last.details, last.generation).findings
        known = LastRun(last.generation, findings, origin, reading.run.has_moved_rows)
        return judge_part(inputs.gate, inputs.ledger, staged, self.dataset, known)

    def _is_to_be_run(self, last: RunRecord) -> bool:
        """Although its inputs are the same: what its withheld nodes point at may since have come, or have changed."""
        ledger = self.inputs.ledger
        return self.options.force or ledger.quarantine.is_to_be_retried(last, APART)

    def _mapping(self) -> Mapping | None:
        path = self.dataset.mapping
        return None if path is None else parse_mapping(path, data_root=self.inputs.data_root)

    def _digest(self, mapping: Mapping | None) -> InputDigest:
        files = list(self.dataset.rdf_files) if mapping is None else list(files_of(mapping))
        return digest_inputs(files, self.dataset.graph, *self._settings(mapping))

    def _definition(self, mapping: Mapping | None) -> str:
        """A digest of all that decides on what rows become."""
        files = () if mapping is None else definition_of(mapping)
        return digest_inputs(files, self.dataset.graph, *self._settings(mapping)).text

    def _settings(self, mapping: Mapping | None) -> tuple[str, ...]:
        inputs = self.inputs
        surroundings = () if mapping is None else surroundings_of(mapping)
        shapes = digest_inputs(inputs.gate.files).text if inputs.gate and self.dataset.policy else ""
        released = [one.node + one.statements for one in inputs.ledger.quarantine.releases(self.dataset.name)]
        return (
            inputs.agent,
            inputs.base,
            shapes,
            str(self.dataset.policy),
            str(self.options.strict),
            *surroundings,
            *released,
        )

    def _read(self, mapping: Mapping | None, former: FormerRows | None) -> AbstractContextManager[Reading]:
        options = self.options
        if mapping is None:
            return read_rdf(self.dataset, options.hooks)
        given = MappedInput(mapping, self.inputs.base, options.strict, former)
        return read_mapped(self.dataset, given, options.hooks)

    def _stage(self, reading: Reading, earlier: Sequence[str]) -> Staged:
        """Graphs that the last run wrote and this one does not become empty, if it says everything."""
        gone = dict.fromkeys(earlier, NO_STATEMENTS)
        graphs = {**gone, self.dataset.graph: reading.statements}
        if reading.subjects is not None:
            return self.inputs.ledger.stage_part(graphs, reading.subjects, self.dataset.name)
        return self.inputs.ledger.stage(graphs, is_distinct=reading.is_distinct)

    def _check_graphs(self, staged: Staged) -> None:
        for run in self.inputs.ledger.runs():
            shared = sorted(set(run.graphs) & set(staged.graphs))
            if shared and run.name != self.dataset.name:
                raise MappingError(
                    f"{self.dataset.name} writes into <{shared[0]}>, which is a graph of {run.name}",
                    message_zh=f"{self.dataset.name} 写入了属于 {run.name} 的图 <{shared[0]}>",
                    location=Location(str(self.dataset.mapping)) if self.dataset.mapping else None,
                )

    def _judged(
        self, reading: Reading, staged: Staged, judgement: Judgement, last: RunRecord | None
    ) -> DatasetReport:
        statements = staged.statement_count
        if isinstance(staged, StagedPart) and last is not None:
            statements += DatasetReport.skipped(last.details, 0).statements - staged.former_count
        reasons = [*reading.quarantine["reason"].to_pylist(), *judgement.quarantine["reason"].to_pylist()]
        return DatasetReport(
            self.dataset.name,
            self.dataset.department,
            Outcome.LOADED,
            rows=reading.rows,
            statements=statements,
            quarantined=dict(sorted(Counter(reasons).items())),
            findings=judgement.findings,
            rejected_for=judgement.rejecting,
            withheld=judgement.withheld,
            released=judgement.released,
            generation=self.inputs.ledger.generation,
        )

    def _commit(
        self,
        staged: Staged,
        reading: Reading,
        judgement: Judgement,
        digest: InputDigest,
        report: DatasetReport,
    ) -> Commit:
        quarantine = pa.concat_tables([reading.quarantine, judgement.quarantine], promote_options="default")
        counts = {
            "rowsRead": reading.rows,
            "statements": report.statements,
            "quarantined": quarantine.num_rows,
            "withheld": report.withheld,
            "released": report.released,
            "violations": report.severities.get("Violation", 0),
            "warnings": report.severities.get("Warning", 0),
        }
        activity = Activity(
            self.dataset.name,
            digest.files,
            digest.text,
            counts,
            agent=self.inputs.agent,
            details=report.to_json(),
        )
        return staged.commit(activity, quarantine=quarantine)


def _committed(report: DatasetReport, commit: Commit) -> DatasetReport:
    return replace(
        report,
        outcome=Outcome.UNCHANGED if commit.is_empty else Outcome.LOADED,
        added=commit.added,
        removed=commit.removed,
        generation=commit.generation,
    )
