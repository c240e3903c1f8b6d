"""Text in a declared encoding, read in chunks; what cannot be decoded is marked, never guessed or dropped."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, TextIO

from emkg.errors import Location, SourceError
from emkg.sources.suggestion import did_you_mean, did_you_mean_zh

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.sources.description import SourceDescription

_HANDLER = "emkg-mark"
_SURROGATE = re.compile("[\ud800-\udfff]")
_BYTE_MARK = 0xDC00


def check_file(path: Path) -> None:
    """The file is there and is a file.

    Raises:
        SourceError: It is not; the message names a file of a like name beside it, where there is one.
    """
    if path.is_file():
        return
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
    except LookupError:
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
    codecs.register_error(_HANDLER, _mark)
    file = description.path.open(encoding=description.encoding, errors=_HANDLER, newline="")
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


def mark_undecodable(data: bytes, encoding: str) -> str:
    """`data` as text, with marks for the bytes that the encoding does not know."""
    codecs.register_error(_HANDLER, _mark)
    return data.decode(encoding, _HANDLER)


def is_marked(text: str) -> bool:
    r"""The text holds bytes that could not be decoded, or half a character of an escape such as `\ud83d`."""
    return not text.isascii() and _SURROGATE.search(text) is not None


def show(text: str) -> str:
    r"""The text with undecodable bytes written as `\xNN`, half characters as `\uNNNN`."""
    return _SURROGATE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code - _BYTE_MARK:02X}" if 0 <= code - _BYTE_MARK <= 0xFF else f"\\u{code:04X}"  # noqa: PLR2004 — a byte


def _mark(error: UnicodeError) -> tuple[str, int]:
    """One lone surrogate U+DC00+byte for every byte: no decoded text holds one, so a mark is unmistakable."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(_BYTE_MARK + byte) for byte in error.object[error.start : error.end]), error.end
