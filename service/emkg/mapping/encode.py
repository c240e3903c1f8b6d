"""How texts become parts of IRIs, blank node labels and N-Triples literals; the rare case pays, not every row.

Each encoding exists as an expression and as the Python function that inverts or repeats it for one value.
"""

from __future__ import annotations

import re
import urllib.parse
from typing import TYPE_CHECKING, Final

import ibis

from emkg.mapping.builtin import print_integer, regexp_extract_all, url_encode
from emkg.mapping.value import bind

if TYPE_CHECKING:
    from collections.abc import Callable

    import ibis.expr.types as ir

# ucschar of RFC 3987, section 2.2: Chinese stays readable in IRIs
_UCSCHAR: Final = (
    (0xA0, 0xD7FF),
    (0xF900, 0xFDCF),
    (0xFDF0, 0xFFEF),
    *((plane + 0x0000, plane + 0xFFFD) for plane in range(0x10000, 0xE0000, 0x10000)),
    (0xE1000, 0xEFFFD),
)
# PN_CHARS_BASE beyond ASCII (N-Triples grammar): what a blank node label may hold
_LABEL: Final = (
    (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF), (0x370, 0x37D), (0x37F, 0x1FFF), (0x200C, 0x200D),
    (0x2070, 0x218F), (0x2C00, 0x2FEF), (0x3001, 0xD7FF), (0xF900, 0xFDCF), (0xFDF0, 0xFFFD), (0x10000, 0xEFFFF),
)  # fmt: skip


def _ranges(ranges: tuple[tuple[int, int], ...]) -> str:
    return "".join(f"\\x{{{first:X}}}-\\x{{{last:X}}}" for first, last in ranges)


_UNSAFE: Final = f"[^A-Za-z0-9._~{_ranges(_UCSCHAR)}-]"
_UNLABELLED: Final = f"[^A-Za-z0-9{_ranges(_LABEL)}]"
_BEYOND_ASCII: Final = r"[^\x00-\x7F]"
_ESCAPED: Final = r'[\x00-\x1f\x7f"\\]'
_CONTROL: Final = r"[\x00-\x1f\x7f]"
_SHORT_ESCAPES: Final = (
    ("\\", "\\\\"),
    ('"', '\\"'),
    ("\n", "\\n"),
    ("\r", "\\r"),
    ("\t", "\\t"),
    ("\b", "\\b"),
    ("\f", "\\f"),
)
SAFE_CHARACTERS: Final = (
    "A-Za-z0-9._~" + "".join(f"{chr(first)}-{chr(last)}" for first, last in _UCSCHAR) + "-"
)


def iri_safe(text: ir.StringValue) -> ir.StringValue:
    """The IRI-safe version of RML: iunreserved characters stay, all others are percent-encoded."""
    # `url_encode` keeps what is unreserved in US-ASCII, so that only a text beyond it is taken to pieces
    slow = ibis.cases(
        (text.re_search(_BEYOND_ASCII), _each(text, _UNSAFE, url_encode)), else_=url_encode(text)
    )
    return ibis.cases((text.re_search(_UNSAFE), slow), else_=text)


def uri_safe(text: ir.StringValue) -> ir.StringValue:
    """An IRI as a URI: characters outside US-ASCII are percent-encoded (RFC 3987, section 3.1)."""
    return ibis.cases(
        (text.re_search(_BEYOND_ASCII), _each(text, _BEYOND_ASCII, url_encode)),
        else_=text,
    )


def label_safe(text: ir.StringValue) -> ir.StringValue:
    """A blank node label part: letters and digits stay, each other byte is `_` and two hexadecimal digits."""
    return ibis.cases(
        (text.re_search(_UNLABELLED), _each(text, _UNLABELLED, _label_characters)),
        else_=text,
    )


def escape(text: ir.StringValue) -> ir.StringValue:
    """The text between the quotes of a literal in canonical N-Triples."""
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    slow = ibis.cases(
        (text.re_search(_CONTROL), _each(text, _ESCAPED, _escaped_character, together=False)), else_=quoted
    )
    return ibis.cases((text.re_search(_ESCAPED), slow), else_=text)


def _escaped_character(character: ir.Value) -> ir.Value:
    short = [(character == plain, written) for plain, written in _SHORT_ESCAPES]
    return ibis.cases(*short, else_=print_integer("\\u%04X", character.ascii_str()))


def _label_characters(characters: ir.StringValue) -> ir.StringValue:
    """Percent-encoded with `_` for `%`; what percent-encoding keeps is written out before."""
    encoded = url_encode(characters)
    for kept in "_-.~":
        encoded = encoded.replace(kept, f"_{ord(kept):02X}")
    return encoded.replace("%", "_")


def encode_label_safe(text: str) -> str:
    """What `label_safe` gives for one text."""
    kept = "".join(f"{chr(first)}-{chr(last)}" for first, last in _LABEL)
    return re.sub(
        f"[^A-Za-z0-9{kept}]",
        lambda match: "".join(f"_{byte:02X}" for byte in match.group().encode()),
        text,
    )


def _each(
    text: ir.StringValue, pattern: str, encode: Callable[[ir.Value], ir.Value], *, together: bool = True
) -> ir.StringValue:
    """Encode the characters of a class, neighbours together or each for itself; what stands between is kept."""

    def one(piece: ir.Value) -> ir.Value:
        return ibis.cases((piece.re_search(pattern), encode(piece)), else_=piece)

    others = pattern.replace("[^", "[") if pattern.startswith("[^") else pattern.replace("[", "[^")
    pieces = regexp_extract_all(text, f"{pattern}{'+' * together}|{others}+")
    return pieces.map(bind("one_piece", one)).join("")


def encode_iri_safe(text: str) -> str:
    """What `iri_safe` gives for one text."""
    return re.sub(f"[^{SAFE_CHARACTERS}]", lambda match: urllib.parse.quote(match.group(), safe=""), text)


def decode_iri_safe(text: str) -> str | None:
    """The one text whose IRI-safe version this is; None where there is none."""
    try:
        decoded = urllib.parse.unquote(text, errors="strict")
    except UnicodeDecodeError:
        return None
    return decoded if encode_iri_safe(decoded) == text else None
