"""The ledger: dictionary, quads, deltas, generations and named graphs in one DuckDB file.

A name is imported when it is first used: a mapping run needs none of the ledger but its records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.lazy import names_of

if TYPE_CHECKING:
    from emkg.ledger.change import Change
    from emkg.ledger.compaction import Compaction
    from emkg.ledger.delta import Delta
    from emkg.ledger.dictionary import term_id
    from emkg.ledger.excerpt import Excerpt
    from emkg.ledger.integrity import Flaw, IntegrityReport
    from emkg.ledger.lexical_space import space_macro
    from emkg.ledger.macro import CATALOGUE
    from emkg.ledger.provenance import PROVENANCE_GRAPH, activity_iri
    from emkg.ledger.quarantine import Quarantine, Release
    from emkg.ledger.record import (
        Activity,
        Commit,
        Generation,
        GraphChange,
        GraphSummary,
        RunRecord,
        UsedFile,
    )
    from emkg.ledger.scratch import Scratch
    from emkg.ledger.snapshot import Snapshot
    from emkg.ledger.staged import Staged
    from emkg.ledger.staged_part import StagedPart
    from emkg.ledger.statistics import PredicateStatistics, Statistics
    from emkg.ledger.store import Ledger
    from emkg.ledger.workbench import Workbench

__all__ = [
    "CATALOGUE",
    "PROVENANCE_GRAPH",
    "Activity",
    "Change",
    "Commit",
    "Compaction",
    "Delta",
    "Excerpt",
    "Flaw",
    "Generation",
    "GraphChange",
    "GraphSummary",
    "IntegrityReport",
    "Ledger",
    "PredicateStatistics",
    "Quarantine",
    "Release",
    "RunRecord",
    "Scratch",
    "Snapshot",
    "Staged",
    "StagedPart",
    "Statistics",
    "UsedFile",
    "Workbench",
    "activity_iri",
    "space_macro",
    "term_id",
]

_HOME: Final = {
    "Activity": "record",
    "CATALOGUE": "macro",
    "Change": "change",
    "Commit": "record",
    "Compaction": "compaction",
    "Delta": "delta",
    "Excerpt": "excerpt",
    "Flaw": "integrity",
    "Generation": "record",
    "GraphChange": "record",
    "GraphSummary": "record",
    "IntegrityReport": "integrity",
    "Ledger": "store",
    "PROVENANCE_GRAPH": "provenance",
    "PredicateStatistics": "statistics",
    "Quarantine": "quarantine",
    "Release": "quarantine",
    "RunRecord": "record",
    "Scratch": "scratch",
    "Snapshot": "snapshot",
    "Staged": "staged",
    "StagedPart": "staged_part",
    "Statistics": "statistics",
    "UsedFile": "record",
    "Workbench": "workbench",
    "activity_iri": "provenance",
    "space_macro": "lexical_space",
    "term_id": "dictionary",
}

__getattr__ = names_of(__name__, _HOME)
