"""Source files of every format, read as relations of text cells with their row numbers."""

from emkg.sources.description import Formulation, SourceDescription
from emkg.sources.fault import SourceFault
from emkg.sources.reading import are_read_together, read_source, read_sources
from emkg.sources.relation import SourceRelation

__all__ = [
    "Formulation",
    "SourceDescription",
    "SourceFault",
    "SourceRelation",
    "are_read_together",
    "read_source",
    "read_sources",
]
