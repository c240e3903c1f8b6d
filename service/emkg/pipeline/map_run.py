"""`emkg map run`: mapping files to one N-Quads file, and what was withheld beside it."""

from __future__ import annotations

import csv
import secrets
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from emkg.errors import InputError, MappingError
from emkg.mapping import Hooks, run_mapping
from emkg.mapping.engine_choice import EngineChoice
from emkg.mapping.fetched import fetched
from emkg.mapping.hooks import ignore
from emkg.mapping.model import term_maps_of
from emkg.mapping.nquads import write_nquads
from emkg.mapping.parse import parse_mapping
from emkg.mapping.target import targets_of, write_target
from emkg.pipeline.digest import files_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from emkg.mapping import Mapping as ParsedMapping
    from emkg.mapping import MappingReport, Progress


@dataclass(frozen=True)
class MapReport:
    """What a run wrote.

    Attributes:
        out: The N-Quads file.
        quarantine_csv: The withheld values, for people (UTF-8 with its mark, so that spreadsheets show Chinese).
        quarantine_parquet: The same records, for programs.
        runs: One report for each mapping file.
        statements: Distinct statements in `out`.
        targets: The files of logical targets, each with its statements, which are not in `out`.
        quarantined: Records by reason.
        seconds: How long all of it took.
    """

    out: Path
    quarantine_csv: Path
    quarantine_parquet: Path
    runs: tuple[MappingReport, ...]
    statements: int
    targets: Mapping[Path, int]
    quarantined: Mapping[str, int]
    seconds: float

    @property
    def rows(self) -> int:
        """Source rows read."""
        return sum(run.rows for run in self.runs)


def map_run(  # noqa: PLR0913 - the options of the command, each by its name
    mappings: Sequence[Path],
    out: Path,
    *,
    base: str,
    strict: bool = False,
    is_sorted: bool = False,
    data_root: Path | None = None,
    engine: EngineChoice = EngineChoice(),  # noqa: B008 - a value
    hosts: Collection[str] = (),
    progress: Callable[[Progress], None] = ignore,
) -> MapReport:
    """Run mapping files and write their statements, without repeats, to `out`.

    Statements of a mapping without a graph are in the default graph. Every mapping is parsed before the first
    one runs. The files appear whole, when everything has succeeded; a failed run leaves earlier ones untouched.

    Args:
        mappings: YARRRML or RML files.
        out: The N-Quads file; the quarantine is written beside it, also where it is empty.
        base: What relative IRIs are resolved against.
        strict: End at the first value that does not fit.
        is_sorted: Write the lines in code point order; else in no order.
        data_root: The folder that `data:` paths of the mappings are relative to.
        engine: What runs the plans, and what it may hold in memory.
        hosts: The hosts that sources may be fetched from.
        progress: Called after each triples map.

    Raises:
        InputError: `out` cannot be written.
        MappingError: A mapping is wrong; a target would overwrite what the run reads or writes.
        SourceError: A source cannot be read as described.
        DataError: `strict`, and a value does not fit.
        MemoryLimitError: The engine may hold too little in memory.
    """
    started = time.perf_counter()
    parsed = [parse_mapping(path, data_root=data_root) for path in mappings]
    csv_path, parquet_path = _beside(out, ".quarantine.csv"), _beside(out, ".quarantine.parquet")
    _check_targets(parsed, (out, csv_path, parquet_path))
    with ExitStack() as sources, engine.open() as opened:
        parsed = [sources.enter_context(fetched(mapping, hosts)) for mapping in parsed]
        runs = [
            run_mapping(
                mapping, dataset=dataset, base=base, strict=strict, hooks=Hooks(progress), engine=opened
            )
            for mapping, dataset in zip(parsed, dataset_names(mappings), strict=True)
        ]
        records = pa.concat_tables(run.quarantine() for run in runs)
        parts = [run.parts for run in runs]
        own = [[part for part in each if not part.pattern.targets] for each in parts]
        written: dict[Path, int] = {}
        with ExitStack() as files:
            csv_file, parquet_file, quads = [
                files.enter_context(_replaced(path)) for path in (csv_path, parquet_path, out)
            ]
            _write_csv(records, csv_file)
            pq.write_table(records, parquet_file)
            statements = write_nquads(opened, own, quads, is_sorted=is_sorted)
            for target in targets_of(parts):
                target.path.parent.mkdir(parents=True, exist_ok=True)
                file = files.enter_context(_replaced(target.path))
                written[target.path] = write_target(opened, parts, target, file, is_sorted=is_sorted)
    counts = Counter(records["reason"].to_pylist())
    return MapReport(
        out,
        csv_path,
        parquet_path,
        tuple(run.report for run in runs),
        statements,
        written,
        dict(counts),
        time.perf_counter() - started,
    )


def _check_targets(parsed: Sequence[ParsedMapping], outputs: Sequence[Path]) -> None:
    """Nothing that is read, and no other output, is written over."""
    inputs = (path for mapping in parsed for path in files_of(mapping))
    taken = {path.resolve() for path in (*outputs, *inputs)}
    targets = dict.fromkeys(
        target
        for mapping in parsed
        for triples_map in mapping.triples_maps
        for term_map in term_maps_of(triples_map)
        for target in term_map.targets
    )
    for target in targets:
        if target.path in taken:
            raise MappingError(
                f"the target {target.path} is read or written by this run already",
                message_zh=f"目标 {target.path} 已被本次运行读取或写入",
                location=target.location,
            )
        taken.add(target.path)


def dataset_names(mappings: Sequence[Path]) -> list[str]:
    """`<department>/<dataset>` for each file, from its folder and name; numbered where two would be the same."""
    seen: Counter[str] = Counter()
    names = []
    for path in mappings:
        stem = path.name.removesuffix(path.suffix).removesuffix(".rml")
        name = f"{path.resolve().parent.name}/{stem}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return names


def _beside(out: Path, ending: str) -> Path:
    return out.with_name(out.name.removesuffix(".nq") + ending)


@contextmanager
def _replaced(path: Path) -> Iterator[Path]:
    """A temporary file in the same folder, which takes the path's place only if the block succeeds."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        yield temporary
        temporary.replace(path)
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror or error}"
        raise InputError(message, message_zh=f"无法写入 {path}") from error
    finally:
        temporary.unlink(missing_ok=True)


def _write_csv(records: pa.Table, path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(records.column_names)
        for batch in records.to_batches():
            writer.writerows(zip(*(column.to_pylist() for column in batch.columns), strict=True))
