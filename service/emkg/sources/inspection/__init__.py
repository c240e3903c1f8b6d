"""What a file of unknown make is: encoding, dialect, header, columns, likely codes; found from its bytes, with reasons."""

from emkg.sources.inspection.column import ColumnProfile
from emkg.sources.inspection.encoding import EncodingFinding
from emkg.sources.inspection.file import Inspection, inspect_file
from emkg.sources.inspection.kind import KnownCodes
from emkg.sources.inspection.sample import TableSample

__all__ = ["ColumnProfile", "EncodingFinding", "Inspection", "KnownCodes", "TableSample", "inspect_file"]
