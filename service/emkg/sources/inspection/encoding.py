"""Which encoding a text file has: decided from its bytes, with the reason, and "not certain" where two would do."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_HEAD_BYTES: Final = 1 << 16
_CHUNK_BYTES: Final = 1 << 20
_DECLARATION: Final = re.compile(rb"<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z][\w.-]*)[\"']")
_MOSTLY: Final = 0.8
_PAIR: Final = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16, little-endian"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16, big-endian"),
)


@dataclass(frozen=True)
class EncodingFinding:
    """The encoding to declare, and why.

    Attributes:
        name: What `encoding:` of a mapping should say.
        reason: Why, in English.
        reason_zh: Why, in Chinese.
        is_certain: No other of the encodings tried would do.
    """

    name: str
    reason: str
    reason_zh: str
    is_certain: bool = True


def find_encoding(path: Path) -> EncodingFinding:
    """Read the whole file in pieces and decide."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    for mark, name, title in _MARKS:
        if head.startswith(mark):
            return EncodingFinding(
                name, f"it begins with the mark of {title}", f"以 {title} 的字节序标记开头"
            )
    if wide := _wide(head):
        return EncodingFinding(
            wide, "every second byte is zero and there is no mark", "隔字节为零，且没有标记"
        )
    if (errors := _errors(path, "utf-8")) == 0:
        is_ascii = head.isascii() and _errors(path, "ascii") == 0
        return EncodingFinding(
            "utf-8",
            "it holds nothing but ASCII" if is_ascii else "all of it is valid UTF-8",
            "全部为 ASCII" if is_ascii else "全部是有效的 UTF-8",
        )
    return _not_utf8(path, head, errors)


def find_xml_encoding(path: Path) -> EncodingFinding:
    """What an XML document says of itself: its mark, its declaration, else UTF-8 (XML 1.0, 4.3.3); bytes against it are counted."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if any(head.startswith(mark) for mark, *_ in _MARKS):
        return find_encoding(path)
    declared = _DECLARATION.match(head)
    name = declared.group(1).decode("ascii").lower() if declared else "utf-8"
    said = (
        ("its XML declaration says so", "其 XML 声明如此")
        if declared
        else (
            "it has neither mark nor declared encoding: XML prescribes UTF-8",
            "没有标记也未声明编码：XML 规定为 UTF-8",
        )
    )
    try:
        errors = _errors(path, name)
    except LookupError:
        return EncodingFinding(
            name,
            f"{said[0]}, but nothing is known by this name",
            f"{said[1]}，但没有这种编码",
            is_certain=False,
        )
    if errors:
        return EncodingFinding(
            name,
            f"{said[0]}, but {errors} places are not valid",
            f"{said[1]}，但有 {errors} 处无效",
            is_certain=False,
        )
    return EncodingFinding(name, *said)


def _not_utf8(path: Path, head: bytes, errors: int) -> EncodingFinding:
    chinese = _share_of_chinese(head)
    others = _errors(path, "gb18030")
    if chinese >= _MOSTLY and others < errors:
        rest = f", but for {others} places" if others else ""
        rest_zh = f"，但有 {others} 处除外" if others else ""
        return EncodingFinding(
            "gb18030",
            f"it is no UTF-8 ({errors} places), valid GB18030{rest}, and reads as Chinese",
            f"不是 UTF-8（{errors} 处无效），是有效的 GB18030{rest_zh}，且读作中文",
        )
    if errors <= others:
        return EncodingFinding(
            "utf-8",
            f"it is UTF-8 but for {errors} places",
            f"除 {errors} 处外是 UTF-8",
            is_certain=False,
        )
    return EncodingFinding(
        "iso-8859-1",
        f"it is no UTF-8 ({errors} places) and does not read as Chinese; a Western encoding, look at its accents",
        f"不是 UTF-8（{errors} 处无效），也不读作中文；应为某种西文编码，请核对重音字母",
        is_certain=False,
    )


def _wide(head: bytes) -> str:
    zeros = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if half and max(zeros) > half * 0.3 and min(zeros) < half * 0.05:
        return "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"
    return ""


def _errors(path: Path, encoding: str) -> int:
    """How many places the encoding does not know."""
    count = 0

    def note(error: UnicodeError) -> tuple[str, int]:
        nonlocal count
        count += 1
        return "\ufffd", error.end if isinstance(error, UnicodeDecodeError) else 0

    codecs.register_error("emkg-count", note)
    decoder = codecs.getincrementaldecoder(encoding)("emkg-count")
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    return count


def _share_of_chinese(head: bytes) -> float:
    """How many of the bytes beyond ASCII stand in pairs of GB 2312, as those of Chinese texts nearly all do.

    A Western accent is followed by an ASCII letter, which GB18030 would take for the second half of a rare character.
    """
    high = sum(byte >= 0x80 for byte in head)  # noqa: PLR2004 - beyond ASCII
    return 2 * len(_PAIR.findall(head)) / high if high else 0.0
