"""Personal data: told by the values wherever they stand in a text, or by the column's name; in doubt it is taken to be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from emkg.sources.checksum import is_person_number
from emkg.sources.inspection.kind import CodeFinding, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

_NUMBER: Final = re.compile(r"(?<![\w.])\d{17}[\dXx](?!\w)")
_MOBILE: Final = re.compile(r"(?<![\d.])(?:\+?86[ -]?)?1[3-9]\d(?:\d{8}|[ -]\d{4}[ -]\d{4})(?!\d)")
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_PHONE: Final = re.compile(r"(\D?\d){6,}")
_NAMES: Final = re.compile(
    r"姓名|联系人|负责人|经办人|报警人|法定代表人|身份证|证件号|护照|住址"
    r"|(?:^|[^a-z])(?:passport|surname|(?:first|last|full|person|patient|victim|contact) name)(?:$|[^a-z])"
)
_PHONE_NAMES: Final = re.compile(
    r"电话|手机|联系方式|传真|(?:^|[^a-z])(?:phone|telephone|mobile|cell|tel|fax)(?:$|[^a-z])"
)
_RARELY: Final = 0.1  # digits can look like a mobile number now and then


def _has_person_number(text: str) -> bool:
    return any(is_person_number(match.group()) for match in _NUMBER.finditer(text))


_BY_VALUE: Final = (
    Kind(
        "person-number",
        ("resident identity number", "居民身份证号"),
        _has_person_number,
        is_personal=True,
        enough=0.01,
    ),
    Kind(
        "mobile-number",
        ("mobile telephone number", "手机号"),
        lambda text: _MOBILE.search(text) is not None,
        is_personal=True,
        enough=_RARELY,
    ),
    Kind(
        "e-mail",
        ("e-mail address", "电子邮箱"),
        lambda text: _EMAIL.search(text) is not None,
        is_personal=True,
        enough=_RARELY,
    ),
)
_BY_NAME: Final = Kind(
    "personal", ("personal data by its name", "列名表明为个人信息"), bool, is_personal=True
)


def find_personal(name: str, values: Sequence[str]) -> CodeFinding | None:
    """What personal data the column holds; None where nothing speaks for any."""
    for kind in _BY_VALUE:
        share = sum(map(kind.test, values)) / len(values) if values else 0.0
        if share >= kind.enough:
            return CodeFinding(kind, share)
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_\s-]+", " ", name).lower()
    phones = sum(_PHONE.search(text) is not None for text in values)
    if values and (_NAMES.search(words) or (_PHONE_NAMES.search(words) and 2 * phones >= len(values))):
        return CodeFinding(_BY_NAME, 1.0)
    return None


def holds_personal(text: str) -> bool:
    """The text holds an identity number, a mobile number or an e-mail address, whatever its column is."""
    return any(kind.test(text) for kind in _BY_VALUE)
