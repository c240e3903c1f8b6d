"""RDF files in a ledger of their own, in memory: for queries outside any workspace."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from emkg.ledger import Activity, Ledger
from emkg.pipeline.dataset import Dataset
from emkg.pipeline.hooks import IngestHooks
from emkg.pipeline.reading import read_rdf

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


@contextmanager
def load_files(files: Sequence[Path]) -> Iterator[Ledger]:
    """A ledger in memory that holds the files, each as a named graph called by its file IRI.

    Raises:
        InputError: A file is missing or its format unknown; RdfSyntaxError where it does not parse.
    """
    with Ledger.open(None) as ledger:
        for path in files:
            name = path.resolve().as_uri()
            dataset = Dataset(name, name, rdf_files=(path,), policy=None)
            with (
                read_rdf(dataset, IngestHooks()) as reading,
                ledger.stage({name: reading.statements}, blank_node_scope=path.stem) as staged,
            ):
                staged.commit(Activity(name))
        yield ledger
