"""Text in a declared encoding, read in chunks; what cannot be decoded is marked, never guessed or dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from emkg.errors import Location, SourceError
from emkg.sources.mark import MARK, register_marks
from emkg.sources.suggestion import did_you_mean, did_you_mean_zh

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.sources.description import SourceDescription


def check_file(path: Path) -> None:
    """The file is there, is a file and may be read.

    Raises:
        SourceError: It is not; the message names a file of a like name beside it, where there is one.
    """
    try:
        if path.is_file():
            with path.open("rb"):
                return
    except OSError as error:
        raise SourceError(
            f"this file cannot be read: {error.strerror}",
            message_zh=f"无法读取该文件：{error.strerror}",
            location=Location(str(path)),
        ) from None
    names = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    raise SourceError(
        f"there is no file of this name{did_you_mean(path.name, names)}",
        message_zh=f"没有这个文件{did_you_mean_zh(path.name, names)}",
        location=Location(str(path)),
    )


def check_encoding(description: SourceDescription) -> None:
    """The declared encoding is one Python can read text in.

    Raises:
        SourceError: It is not.
    """
    try:
        "".encode(description.encoding)
    except (LookupError, ValueError):
        raise SourceError(
            f"the declared encoding {description.encoding!r} is not known; "
            "declare one such as utf-8, gb18030, gbk, utf-16, iso-8859-1",
            message_zh=f"声明的编码“{description.encoding}”无法识别；请声明 utf-8、gb18030 等",
            location=Location(str(description.path)),
        ) from None


def open_text(description: SourceDescription) -> TextIO:
    """The file as text with its line ends untouched, a byte order mark taken away.

    Bytes that the encoding does not know become marks, which `is_marked` finds and `show` makes readable.

    Raises:
        SourceError: The file is not there; the encoding is unknown, or cannot be that of this file.
    """
    check_file(description.path)
    check_encoding(description)
    register_marks()
    file = description.path.open(encoding=description.encoding, errors=MARK, newline="")
    try:
        if file.read(1) != "\ufeff":
            file.seek(0)
    except UnicodeError as error:
        file.close()
        raise SourceError(
            f"this is no {description.encoding} text: {error}",
            message_zh=f"文件不是 {description.encoding} 文本",
            location=Location(str(description.path)),
        ) from None
    return file
