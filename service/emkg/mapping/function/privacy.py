"""Pseudonyms for personal data: the same person is the same text, and nobody without the key can say who."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import ibis

from emkg.errors import MappingError
from emkg.mapping.builtin import hexadecimal, sha256, unhex
from emkg.mapping.function.definition import Body, Constants, Function, Parameter

if TYPE_CHECKING:
    import ibis.expr.types as ir

_BLOCK: Final = 64  # bytes, of SHA-256
_SHORTEST_KEY: Final = 16


def _pseudonym(constants: Constants) -> Body:
    """HMAC-SHA-256 (RFC 2104) in two hashes, whose padded keys are constants of the plan."""
    variable = constants.get("key")
    key = os.environ.get(variable, "").encode()
    if not _SHORTEST_KEY <= len(key) <= _BLOCK:
        raise MappingError(
            f"the environment variable {variable} must hold the key of emf:pseudonym, {_SHORTEST_KEY} to {_BLOCK} bytes",
            message_zh=f"环境变量 {variable} 须给出 emf:pseudonym 的密钥（{_SHORTEST_KEY} 至 {_BLOCK} 字节）",
            location=constants.location,
        )
    padded = key.ljust(_BLOCK, b"\0")
    inner = ibis.literal(bytes(byte ^ 0x36 for byte in padded).hex())
    outer = ibis.literal(bytes(byte ^ 0x5C for byte in padded).hex())

    def code(value: ir.StringValue) -> ir.StringValue:
        return sha256(unhex(outer + sha256(unhex(inner + hexadecimal(value)))))

    return Body(code)


PRIVACY_FUNCTIONS: Final = (
    Function(
        "pseudonym",
        (
            Parameter("value", "what identifies a person: a name, an identity number", "能识别个人的内容，如姓名、身份证号"),
            Parameter("key", "the environment variable that holds the secret key", "保存密钥的环境变量名", is_constant=True),
        ),
        "A pseudonym of 64 hexadecimal digits (HMAC-SHA-256), the same for the same value and key.",
        "64 位十六进制化名（HMAC-SHA-256），同一值与密钥得到同一化名。",
        _pseudonym,
    ),
)  # fmt: skip
