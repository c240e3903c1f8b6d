"""A mapping whose sources are all files: what it names by URL is fetched first, each URL once."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from emkg.errors import EmkgError
from emkg.sources.fetch import fetch

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from emkg.mapping.model import Mapping
    from emkg.sources import SourceDescription


@contextmanager
def fetched(mapping: Mapping, hosts: Collection[str]) -> Iterator[Mapping]:
    """The mapping over files that are there while the block runs; errors within it name the URLs.

    Raises:
        SourceError: A URL's host is not among `hosts`, or it cannot be fetched.
    """
    urls = {each.url for one in mapping.triples_maps for each in one.source.sources if each.url}
    if not urls:
        yield mapping
        return
    with tempfile.TemporaryDirectory(prefix="emkg-fetched-") as folder:
        files: dict[str, Path] = {}

        def local(source: SourceDescription) -> SourceDescription:
            if not source.url:
                return source
            if source.url not in files:
                files[source.url] = Path(folder) / str(len(files)) / source.path
                files[source.url].parent.mkdir()
                fetch(source.url, files[source.url], hosts)
            return replace(source, path=files[source.url], url="")

        maps = (replace(one, source=one.source.replaced(local)) for one in mapping.triples_maps)
        here = replace(mapping, triples_maps=tuple(maps))
        try:
            yield here
        except EmkgError as error:
            if error.location:
                names = {str(path): url for url, path in files.items()}
                file = names.get(error.location.file, error.location.file)
                error.location = replace(error.location, file=file)
            raise
