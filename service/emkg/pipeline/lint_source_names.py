"""What the sources of a lint hold, each read once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.errors import SourceError
from emkg.mapping.engine import Engine
from emkg.sources import Formulation, read_source
from emkg.sources.names import source_names

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType
    from typing import Self

    from emkg.sources import SourceDescription

# a folder that no system has: sources below it are in a data folder that was not named
UNNAMED_DATA = "data:"
# an element that these lack may be there in the next file
TREES = frozenset({Formulation.JSON, Formulation.JSON_LINES, Formulation.XML})


class SourceReader:
    """Reads names of sources, and remembers them; a context manager, because reading paths needs an engine."""

    def __init__(self) -> None:
        self._names: dict[str, tuple[str, ...] | SourceError] = {}
        self._engine: Engine | None = None

    def names(self, source: SourceDescription) -> tuple[str, ...]:
        """The references that the source answers.

        Raises:
            SourceError: It is not there or cannot be read as described.
        """
        key = repr(source)
        if key not in self._names:
            try:
                self._names[key] = source_names(source)
            except SourceError as error:
                self._names[key] = error
        found = self._names[key]
        if isinstance(found, SourceError):
            raise found
        return found

    def absent(self, source: SourceDescription, references: Iterable[str]) -> frozenset[str]:
        """Those of the references that the source does not answer.

        Raises:
            SourceError: It is not there or cannot be read as described, or a reference is no path.
        """
        names = self.names(source)
        wanted = [one for one in dict.fromkeys(references) if one != source.row_number]
        if source.formulation not in TREES:
            return frozenset(wanted) - set(names)
        unknown = [one for one in wanted if one not in names]
        if not unknown:
            return frozenset()
        self._engine = self._engine or Engine()
        return read_source(self._engine.backend, source, unknown).absent

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._engine is not None:
            self._engine.close()


def is_unnamed(source: SourceDescription) -> bool:
    """Whether the source is in the data folder, and none was named."""
    return UNNAMED_DATA in source.path.parts
