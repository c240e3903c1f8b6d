"""What references find in XML elements: the texts that XPath gives."""

from __future__ import annotations

import re
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Final

from lxml import etree

from emkg.sources.item_table import ItemTable, one_or_more
from emkg.sources.xml_pattern import compile_xpath

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import ibis

    from emkg.sources.description import SourceDescription
    from emkg.sources.item_table import Values
    from emkg.sources.relation import SourceRelation

_NAME: Final = r"(?:[^\W\d][\w.\-]*:)?[^\W\d][\w.\-]*"
_WAY: Final = re.compile(rf"@{_NAME}|{_NAME}(?:/{_NAME})*(?:/@{_NAME}|/text\(\))?")
_BETWEEN: Final = "\ufdd0"  # no character of any script; an item that holds it is asked way by way
_BATCH_ITEMS: Final = 2_000
_MOST_COUNTS: Final = 10_000


class XmlSink:
    """Elements in, one source relation out; an element is looked into when it is appended, and not kept.

    Ways of names (`a/b/@c`), which nearly all references are, are asked for in one XPath: calling costs more
    than looking. An item with several values for one of them is asked again, way by way.
    """

    def __init__(
        self, backend: ibis.BaseBackend, description: SourceDescription, references: Sequence[str]
    ) -> None:
        xpaths = {text: compile_xpath(description, text) for text in dict.fromkeys(references)}
        self._ways = {text: xpath for text, xpath in xpaths.items() if _WAY.fullmatch(text)}
        self._others = {text: xpath for text, xpath in xpaths.items() if text not in self._ways}
        self._in_one = compile_xpath(description, _in_one(self._ways) if self._ways else "''")
        self._table = ItemTable(backend, [*self._ways, *self._others])
        self._nulls = frozenset(("", *description.null_values))
        self._seen: set[str] = set()
        self._counts: dict[str, bool] = {}  # how many nodes an item has for each way: whether one has several
        self._rows: list[int] = []
        self._items: list[Sequence[Values]] = []
        self._is_plain = True
        self._has_items = False

    def append(self, row: int, item: etree._Element) -> None:
        """Add one item."""
        found = self._along_ways(item) if self._ways else []
        if self._others:
            found = [*found, *self._apart(self._others, item)]
        self._rows.append(row)
        self._items.append(found)
        if len(self._rows) >= _BATCH_ITEMS:
            self._flush()

    def finish(self) -> SourceRelation:
        """The relation of all items."""
        self._flush()
        unseen = (self._ways.keys() | self._others.keys()) - self._seen
        return self._table.finish((), frozenset(unseen if self._has_items else ()))

    def _along_ways(self, item: etree._Element) -> Sequence[Values]:
        counts, *texts = str(self._in_one(item)).split(_BETWEEN)
        has_several = self._counts.get(counts)
        if has_several is None:
            if len(self._counts) >= _MOST_COUNTS:
                self._counts.clear()
            has_several = self._counts[counts] = self._see(counts)
        if has_several or len(texts) != len(self._ways):
            return self._apart(self._ways, item)
        return texts

    def _see(self, counts: str) -> bool:
        numbers = [int(number) for number in counts.split()]
        self._seen.update(text for text, number in zip(self._ways, numbers, strict=True) if number)
        return max(numbers) > 1

    def _apart(self, xpaths: Mapping[str, etree.XPath], item: etree._Element) -> list[Values]:
        self._is_plain = False
        found = [xml_texts(xpath(item)) for xpath in xpaths.values()]
        self._seen.update(text for text, values in zip(xpaths, found, strict=True) if values)
        return [one_or_more([text for text in values if text not in self._nulls]) for values in found]

    def _flush(self) -> None:
        if self._rows:
            self._has_items = True
            columns = [self._without_nulls(column) for column in zip(*self._items, strict=True)]
            self._table.extend(self._rows, columns)
            self._rows, self._items, self._is_plain = [], [], True

    def _without_nulls(self, column: Sequence[Values]) -> Sequence[Values]:
        if self._is_plain and self._nulls.isdisjoint(column):  # no lists are in it
            return column
        return [None if type(value) is str and value in self._nulls else value for value in column]


def _in_one(ways: Iterable[str]) -> str:
    """An XPath of one text: the number of nodes of each way, then the text of each one's first."""
    counts = ",' ',".join(f"count({way})" for way in ways)
    texts = "".join(f",'{_BETWEEN}',{way}" for way in ways)
    return f"concat({counts}{texts})"


def xml_texts(found: object) -> list[str]:
    """The texts of an XPath result; numbers as XPath prints them."""
    if isinstance(found, list):
        return [_text(node) for node in found] if found else found
    if isinstance(found, bool):
        return ["true" if found else "false"]
    if isinstance(found, float):
        return [_number(found)]
    return [str(found)]


def _number(found: float) -> str:
    """A number as XPath's string() gives it: never with an exponent (XPath 1.0, section 4.2)."""
    if not isfinite(found):
        return {"inf": "Infinity", "-inf": "-Infinity"}.get(str(found), "NaN")
    return str(int(found)) if found.is_integer() else format(Decimal(repr(found)), "f")


def _text(node: object) -> str:
    if not etree.iselement(node):
        return str(node)
    if not len(node):
        return node.text or ""
    return etree.tostring(node, method="text", encoding="unicode", with_tail=False)
