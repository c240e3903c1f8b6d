"""Functions of DuckDB that Ibis has no name for; never run in Python, only written into plans."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import ibis
import ibis.expr.datatypes as dt

if TYPE_CHECKING:
    from collections.abc import Callable

    import ibis.expr.types as ir

    Builtin: TypeAlias = Callable[..., ir.Value]


def _builtin(name: str) -> Callable[[Callable[..., object]], Builtin]:
    decorate: Callable[[Callable[..., object]], Builtin] = ibis.udf.scalar.builtin(name=name)
    return decorate


@_builtin("url_encode")
def url_encode(text: str) -> str:
    """Percent-encode all but RFC 3986's unreserved characters, as UTF-8."""
    raise NotImplementedError


@_builtin("regexp_extract_all")
def regexp_extract_all(text: str, pattern: str) -> list[str]:
    """Every match of the pattern."""
    raise NotImplementedError


@_builtin("printf")
def print_integer(template: str, number: int) -> str:
    """C's printf with one integer."""
    raise NotImplementedError


@_builtin("printf")
def print_point(template: str, longitude: float, latitude: float) -> str:
    """C's printf with two numbers."""
    raise NotImplementedError


@_builtin("hex")
def hexadecimal(text: str) -> str:
    """The text's UTF-8 bytes in hexadecimal."""
    raise NotImplementedError


@_builtin("unhex")
def unhex(text: str) -> bytes:
    """The bytes that hexadecimal digits mean."""
    raise NotImplementedError


@_builtin("md5")
def md5(text: str) -> str:
    """The MD5 hash of the UTF-8 bytes in lower-case hexadecimal; for labels, not for secrets."""
    raise NotImplementedError


@_builtin("sha256")
def sha256(content: bytes) -> str:
    """The SHA-256 hash in lower-case hexadecimal."""
    raise NotImplementedError


@_builtin("try_strptime")
def try_strptime(text: str, template: str) -> dt.timestamp:
    """The moment, or NULL where the text does not follow the template or no such day exists."""
    raise NotImplementedError
