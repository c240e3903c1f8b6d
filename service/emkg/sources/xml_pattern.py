"""Iterators that a stream of XML elements can be matched against, and XPath references compiled for items."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from emkg.errors import Location, SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    """An iterator as steps."""

    steps: tuple[PatternStep, ...]

    @property
    def tag(self) -> str | None:
        """The name of every item's element; None where it may be any."""
        return self.steps[-1].tag

    def fits(self, tag: str, parent: etree._Element | None) -> bool:
        """An element of this name below this parent is an item."""
        for place in range(len(self.steps) - 1, -1, -1):
            step = self.steps[place]
            if step.tag is not None and step.tag != tag:
                return False
            if step.is_deep:
                return self._fits_above(place, parent)
            if parent is None:
                return place == 0
            tag, parent = str(parent.tag), parent.getparent()
        return False

    def _fits_above(self, place: int, above: etree._Element | None) -> bool:
        """The steps before this one lead to one of the elements above it."""
        before = Pattern(self.steps[:place])
        if not before.steps:
            return True
        while above is not None:
            if before.fits(str(above.tag), above.getparent()):
                return True
            above = above.getparent()
        return False


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
