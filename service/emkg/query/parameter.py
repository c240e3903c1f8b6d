"""Parameters of named questions: from what a user types to terms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, TypeAlias

from emkg.errors import ParameterError
from emkg.rdf import IRI, Literal, Term
from emkg.vocabulary import CODE, ID, PREFIXES, XSD

if TYPE_CHECKING:
    from collections.abc import Callable

_KEY: Final = re.compile(r'[^\x00-\x20<>"{}|\\^`]+')
MAX_HOPS: Final = 2


@dataclass(frozen=True)
class Parameter:
    """A parameter of a question.

    Attributes:
        name: Its name for users.
        type: One of `PARAMETER_TYPES`.
        zh: What it is, in Chinese.
        en: What it is, in English.
        many: Whether several values may be given, separated by commas.
        default: Its text where none is given; None leaves it open.
        variables: The query's variables that take it.
    """

    name: str
    type: str
    zh: str
    en: str
    many: bool
    default: str | None
    variables: tuple[str, ...]

    def parse(self, text: str) -> tuple[Term, ...]:
        """The terms that a text stands for.

        Raises:
            ParameterError: The text is empty or malformed.
        """
        texts = [part.strip() for part in text.split(",")] if self.many else [text.strip()]
        return tuple(self._parse_one(part) for part in texts)

    def _parse_one(self, text: str) -> Term:
        try:
            return PARAMETER_TYPES[self.type](text)
        except ValueError as error:
            raise ParameterError(
                f"{self.name}={text!r}: {error}",
                message_zh=f"参数 {self.name} 的取值 {text!r} 格式有误：{self.zh}",
            ) from error


def _coded(namespace: str) -> Callable[[str], Term]:
    """A code such as `11B19`, a prefixed name such as `code:event/11B19`, or the whole IRI."""

    def parse(text: str) -> Term:
        if not _KEY.fullmatch(text):
            raise ValueError("expected a code or an IRI")
        if text.startswith(("http://", "https://")):
            return IRI(text)
        prefix, colon, local = text.partition(":")
        if colon and prefix in PREFIXES:
            return IRI(PREFIXES[prefix] + local)
        return IRI(namespace + text)

    return parse


def _date(text: str) -> Term:
    try:
        return Literal(date.fromisoformat(text).isoformat(), XSD + "date")
    except ValueError:
        raise ValueError("expected a date such as 2026-08-15") from None


def _hops(text: str) -> Term:
    if not text.isascii() or not text.isdigit() or int(text) > MAX_HOPS:
        raise ValueError(f"expected a number from 0 to {MAX_HOPS}")
    return Literal(str(int(text)), XSD + "integer")


ParameterParser: TypeAlias = "Callable[[str], Term]"

PARAMETER_TYPES: Final[dict[str, ParameterParser]] = {
    "event": _coded(ID + "event/"),
    "event-type": _coded(CODE + "event/"),
    "division": _coded(CODE + "division/"),
    "level": _coded(CODE + "level/"),
    "phase": _coded(CODE + "phase/"),
    "body": _coded(CODE + "body/"),
    "link": _coded(CODE + "causal-link/"),
    "date": _date,
    "hops": _hops,
}
