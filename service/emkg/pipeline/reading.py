"""A dataset to statements: by its mapping, or from RDF documents as they are."""

from __future__ import annotations

import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from emkg.arrow import empty_table
from emkg.mapping import QUARANTINE_SCHEMA, Hooks, run_mapping
from emkg.rdf.relation import STATEMENTS_SCHEMA, parse_relation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from emkg.mapping import FormerRows, Mapping, MappingRun
    from emkg.pipeline.dataset import Dataset
    from emkg.pipeline.hooks import IngestHooks


@dataclass(frozen=True)
class Reading:
    """What a dataset's sources gave; `rows` is 0 where there are none, as in RDF documents.

    `is_distinct` says that no statement is there twice, as the mapping's plans see to. With `subjects` the statements
    are all that is said of these, and nothing is said of the others; `run` is the mapping's.
    """

    statements: pa.RecordBatchReader
    quarantine: pa.Table
    rows: int = 0
    is_distinct: bool = False
    subjects: pa.Table | None = None
    run: MappingRun | None = None


@dataclass(frozen=True)
class MappedInput:
    """A dataset's mapping, and how it is run.

    Attributes:
        mapping: The mapping.
        base: The base of relative IRIs.
        strict: End at the first value that does not fit.
        former: What the last run kept of its rows; None maps everything.
    """

    mapping: Mapping
    base: str
    strict: bool
    former: FormerRows | None = None


@contextmanager
def read_mapped(dataset: Dataset, given: MappedInput, hooks: IngestHooks) -> Iterator[Reading]:
    """Run the dataset's mapping; its statements can be read inside the block.

    Raises:
        MappingError: The mapping cannot be compiled.
        SourceError: A source cannot be read as described.
        DataError: `strict`, and a value does not fit.
        CancelledError: The caller stopped the ingest.
    """
    with run_mapping(
        given.mapping,
        dataset=dataset.name,
        base=given.base,
        strict=given.strict,
        hooks=Hooks(cancelled=hooks.cancelled),
        former=given.former,
    ) as run:
        subjects = run.subjects()
        statements = hooks.checked(run.statements())
        yield Reading(statements, run.quarantine(), run.report.rows, True, subjects, run)


@contextmanager
def read_rdf(dataset: Dataset, hooks: IngestHooks) -> Iterator[Reading]:
    """Parse the dataset's RDF documents, the blank nodes of each kept apart; base IRI is the dataset's graph.

    Raises:
        RdfSyntaxError: A document does not parse; located by file, line and column.
    """
    batches = (batch for file in dataset.rdf_files for batch in _batches(dataset, file))
    reader = pa.RecordBatchReader.from_batches(STATEMENTS_SCHEMA, batches)
    yield Reading(hooks.checked(reader), empty_table(QUARANTINE_SCHEMA))


def _batches(dataset: Dataset, file: Path) -> Iterator[pa.RecordBatch]:
    scope = f"r{zlib.crc32(f'{dataset.name}/{file.name}'.encode()):08x}-"
    return parse_relation(file, base=dataset.graph, scope=scope)
