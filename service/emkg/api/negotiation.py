"""Content negotiation (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from emkg.api.problem import NotAcceptableError
from emkg.plan import QueryKind, ResultFormat, formats_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ALSO_KNOWN_AS: Final[dict[ResultFormat, tuple[str, ...]]] = {
    ResultFormat.JSON: ("application/json",),
    ResultFormat.XML: ("application/xml", "text/xml"),
    ResultFormat.N_TRIPLES: ("text/plain",),
    ResultFormat.TURTLE: ("application/x-turtle",),
}
_MAX_QUALITY: Final = 1.0


@dataclass(frozen=True)
class _Range:
    """One media range of an Accept header."""

    type: str
    subtype: str
    quality: float

    def specificity(self, media_type: str) -> int:
        """How exactly this range names a media type: 2 the type itself, 1 its family, 0 anything, -1 not at all."""
        family, _, subtype = media_type.partition("/")
        if (self.type, self.subtype) == (family, subtype):
            return 2
        if (self.type, self.subtype) == (family, "*"):
            return 1
        return 0 if (self.type, self.subtype) == ("*", "*") else -1


def negotiate(accept: str | None, kind: QueryKind) -> tuple[ResultFormat, str]:
    """The format of a result, and the media type to call it.

    Without an Accept header the usual format of the query form is chosen; of equal qualities, the more usual.

    Raises:
        NotAcceptableError: None of the formats is acceptable; the message lists them.
    """
    formats = formats_of(kind)
    names = [(each, each.value) for each in formats]
    names += [(each, name) for each in formats for name in _ALSO_KNOWN_AS.get(each, ())]
    chosen = best(accept, [name for _, name in names])
    if chosen is None:
        offered = ", ".join(each.value for each in formats)
        raise NotAcceptableError(
            f"{kind.name} gives {offered}; none of them is acceptable to: {accept}",
            message_zh=f"{kind.name} 查询可返回 {offered}，均不符合请求的 Accept：{accept}",
        )
    return next(each for each in names if each[1] == chosen)


def best(accept: str | None, offered: Sequence[str]) -> str | None:
    """The offered media type with the highest quality, the first of equals; None where none is acceptable."""
    ranges = list(_ranges(accept)) if accept and accept.strip() else [_Range("*", "*", _MAX_QUALITY)]
    qualities = [(_quality(ranges, media_type), media_type) for media_type in offered]
    quality, media_type = max(qualities, key=lambda each: each[0])
    return media_type if quality > 0 else None


def _quality(ranges: Sequence[_Range], media_type: str) -> float:
    found = max(ranges, key=lambda each: each.specificity(media_type), default=None)
    return found.quality if found and found.specificity(media_type) >= 0 else 0.0


def _ranges(accept: str) -> Iterator[_Range]:
    for part in accept.split(","):
        media_range, *parameters = (each.strip().lower() for each in part.split(";"))
        family, slash, subtype = media_range.partition("/")
        if slash:
            yield _Range(family, subtype, _q(parameters))


def _q(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), _MAX_QUALITY)
            except ValueError:
                return 0.0
    return _MAX_QUALITY
