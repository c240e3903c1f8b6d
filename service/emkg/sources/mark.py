"""Marks for what could not be decoded: lone surrogates, found and shown again wherever a text goes."""

from __future__ import annotations

import codecs
import re
from typing import Final

MARK: Final = "emkg-mark"  # the name of the error handler
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_BYTE_MARK: Final = 0xDC00


def register_marks() -> None:
    """Make the error handler `MARK` known to Python's decoders."""
    codecs.register_error(MARK, _mark)


def mark_undecodable(data: bytes, encoding: str) -> str:
    """`data` as text, with marks for the bytes that the encoding does not know."""
    register_marks()
    return data.decode(encoding, MARK)


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
