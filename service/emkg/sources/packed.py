"""Packed files (gzip, zip, tar): unpacked beside nothing, into a temporary file, in bounded memory."""

from __future__ import annotations

import gzip
import lzma
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from emkg.errors import Location, SourceError
from emkg.sources.text import check_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.sources.description import SourceDescription

COMPRESSIONS = ("gzip", "zip", "targz", "tarxz")
_DAMAGED = (OSError, EOFError, zipfile.BadZipFile, tarfile.TarError, lzma.LZMAError, zlib.error)
_COPY_BYTES = 1 << 20


@contextmanager
def unpacked(description: SourceDescription) -> Iterator[SourceDescription]:
    """The description of the file within, which is there while the block runs.

    An archive holds one file. Errors within the block that name the temporary file name the packed one instead.

    Raises:
        SourceError: The file is not there, is not packed as stated, is damaged, or holds several files.
    """
    check_file(description.path)
    with tempfile.TemporaryDirectory(prefix="emkg-unpacked-") as folder:
        target = Path(folder) / "source"
        try:
            with _opened(description) as packed, target.open("wb") as file:
                shutil.copyfileobj(packed, file, _COPY_BYTES)
        except _DAMAGED as error:
            raise SourceError(
                f"this is no sound {description.compression} file: {error}",
                message_zh=f"不是完好的 {description.compression} 文件",
                location=Location(str(description.path)),
            ) from None
        try:
            yield replace(description, path=target, compression="")
        except SourceError as error:
            if error.location and error.location.file == str(target):
                error.location = replace(error.location, file=str(description.path))
            raise


@contextmanager
def _opened(description: SourceDescription) -> Iterator[IO[bytes]]:
    path = description.path
    match description.compression:
        case "gzip":
            with gzip.open(path) as file:
                yield cast("IO[bytes]", file)
        case "zip":
            with zipfile.ZipFile(path) as archive:
                names = [each.filename for each in archive.infolist() if not each.is_dir()]
                with archive.open(_only(description, names)) as file:
                    yield file
        case "targz" | "tarxz":
            with tarfile.open(path, "r:gz" if description.compression == "targz" else "r:xz") as archive:
                members = {each.name: each for each in archive.getmembers() if each.isfile()}
                member = archive.extractfile(members[_only(description, list(members))])
                if member is None:  # a regular file always has content
                    raise tarfile.TarError
                yield member
        case other:
            raise SourceError(
                f"there is no reader for the compression {other!r}; known: {', '.join(COMPRESSIONS)}",
                message_zh=f"不支持压缩格式“{other}”",
                location=Location(str(path)),
            )


def _only(description: SourceDescription, names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    raise SourceError(
        f"the archive holds {len(names)} files, and one is needed: {', '.join(names[:5])}",
        message_zh=f"压缩包内有 {len(names)} 个文件，须恰有一个",
        location=Location(str(description.path)),
    )
