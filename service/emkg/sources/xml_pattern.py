"""Iterators that a stream of XML elements can be matched against, and XPath references compiled for items."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from emkg.errors import Location, SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from emkg.sources.description import SourceDescription

_ITERATOR = re.compile(r"(?:/{1,2}(?:[^\W\d][\w.\-]*:)?(?:[^\W\d][\w.\-]*|\*))+")
_STEP = re.compile(r"(?P<axis>/{1,2})(?:(?P<prefix>[\w.\-]+):)?(?P<name>[\w.\-]+|\*)")
_CLIMBS = re.compile(r"\.\.|::|(?:^|[\s(\[|,=])/")


@dataclass(frozen=True)
class PatternStep:
    """One step: an element of this name (None for any), right below or anywhere below the one before."""

    tag: str | None
    is_deep: bool


@dataclass(frozen=True)
class Pattern:
    """An iterator as steps; `fits` judges the path from the root to an element."""

    steps: tuple[PatternStep, ...]

    @property
    def tag(self) -> str | None:
        """The name of every item's element; None where it may be any."""
        return self.steps[-1].tag

    def fits(self, path: Sequence[str]) -> bool:
        """The element at the end of the path is an item."""
        return _fits(self.steps, path)


def _fits(steps: Sequence[PatternStep], path: Sequence[str]) -> bool:
    if not steps:
        return not path
    if not path or steps[-1].tag not in {None, path[-1]}:
        return False
    before, above = steps[:-1], path[:-1]
    if not steps[-1].is_deep:
        return _fits(before, above)
    return any(_fits(before, above[:length]) for length in range(len(above) + 1))


def compile_pattern(description: SourceDescription) -> Pattern | None:
    """The iterator as a pattern for streaming; None where it has predicates, axes or functions.

    Raises:
        SourceError: It uses a prefix that is not declared.
    """
    iterator = description.iterator.strip()
    if not _ITERATOR.fullmatch(iterator):
        return None
    return Pattern(
        tuple(
            PatternStep(_tag(description, match["prefix"], match["name"]), match["axis"] == "//")
            for match in _STEP.finditer(iterator)
        )
    )


def climbs(reference: str) -> bool:
    """The reference may leave its item, so that the whole document must be at hand."""
    return _CLIMBS.search(reference) is not None


def compile_xpath(description: SourceDescription, text: str) -> etree.XPath:
    """A compiled XPath 1.0 expression with the declared prefixes.

    Raises:
        SourceError: It is no XPath, or uses a prefix or function that is not declared.
    """
    try:
        xpath = etree.XPath(text, namespaces=_namespaces(description.namespaces), smart_strings=False)
        xpath(etree.Element("probe"))
    except (etree.XPathError, TypeError, ValueError) as error:
        raise SourceError(
            f"XPath {text!r} cannot be used: {error}",
            message_zh=f"XPath“{text}”无法使用：{error}",
            location=Location(str(description.path)),
        ) from None
    return xpath


def _namespaces(declared: Mapping[str, str]) -> dict[str, str] | None:
    return {prefix: iri for prefix, iri in declared.items() if prefix} or None


def _tag(description: SourceDescription, prefix: str | None, name: str) -> str | None:
    if name == "*":
        return None
    if not prefix:
        return name
    if prefix in description.namespaces:
        return f"{{{description.namespaces[prefix]}}}{name}"
    raise SourceError(
        f"the iterator uses the prefix {prefix!r}, which is not among the declared namespaces",
        message_zh=f"迭代器使用了未声明的命名空间前缀“{prefix}”",
        location=Location(str(description.path)),
    )
