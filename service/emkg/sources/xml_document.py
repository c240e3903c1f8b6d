"""XML: the elements that an iterator selects, streamed; nothing outside the file is ever read."""

from __future__ import annotations

from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING

from lxml import etree

from emkg.errors import Location, SourceError
from emkg.sources.item_table import ItemTable, one_or_more
from emkg.sources.suggestion import did_you_mean, did_you_mean_zh
from emkg.sources.text import check_file
from emkg.sources.xml_pattern import Pattern, climbs, compile_pattern, compile_xpath

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import ibis

    from emkg.sources.description import SourceDescription
    from emkg.sources.relation import SourceRelation


def read_xml(
    backend: ibis.BaseBackend, description: SourceDescription, references: Sequence[str]
) -> SourceRelation:
    """The referenced values of every element the iterator selects; a row is its place in document order.

    An element's value is its text and that of the elements in it. The encoding is what the document itself
    declares, as XML demands. Iterators of names (`/a/b`, `//p:c`) stream; others, and references that leave
    their item (`../id`), need the document in memory.

    Raises:
        SourceError: The file is not there, is not well-formed or declares entities; the iterator or a
            reference cannot be used; the iterator does not begin at the document's root.
    """
    check_file(description.path)
    xpaths = {text: compile_xpath(description, text) for text in dict.fromkeys(references)}
    nulls = frozenset(("", *description.null_values))
    table = ItemTable(backend, list(xpaths))
    unseen, has_items = set(xpaths), False
    for row, item in xml_items(description, list(xpaths)):
        has_items = True
        found = [xml_texts(xpath(item)) for xpath in xpaths.values()]
        if unseen:
            unseen.difference_update(text for text, values in zip(xpaths, found, strict=True) if values)
        table.append(row, [one_or_more([v for v in values if v not in nulls]) for values in found])
    return table.finish((), frozenset(unseen if has_items else ()))


def xml_items(
    description: SourceDescription, references: Sequence[str]
) -> Iterator[tuple[int, etree._Element]]:
    """The elements that the iterator selects, each with its row; only while one is looked at is it whole."""
    pattern = compile_pattern(description)
    is_whole = pattern is None or any(climbs(reference) for reference in references)
    try:
        if is_whole or pattern is None:
            yield from _items_of_tree(description)
        else:
            yield from _items_of_stream(description, pattern)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise SourceError(
            f"this is no well-formed XML: {error.msg}",
            message_zh="XML 格式不正确",
            location=Location(str(description.path), line or 1, column or None),
        ) from None


def _items_of_tree(description: SourceDescription) -> Iterator[tuple[int, etree._Element]]:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    tree = etree.parse(str(description.path), parser)
    _refuse_entities(description, tree.getroot())
    found = compile_xpath(description, description.iterator)(tree)
    _refuse_undeclared(description, parser.error_log)
    items = [item for item in found if etree.iselement(item)] if isinstance(found, list) else []
    if not items:
        _refuse_foreign_root(description, tree.getroot())
    yield from enumerate(items, start=1)


def _items_of_stream(
    description: SourceDescription, pattern: Pattern
) -> Iterator[tuple[int, etree._Element]]:
    """Items as they end; a row is counted where its element begins. What is done with is taken out of memory.

    Only elements of the item's name are looked at: an event for every element would cost more than all the rest.
    """
    with description.path.open("rb") as file:
        events = etree.iterparse(
            file,
            events=("start", "end"),
            tag=pattern.tag,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        opened: list[tuple[int, etree._Element]] = []
        count = 0
        fitting = _Fitting(pattern)
        for event, element in events:
            if event == "start":
                if fitting.is_new:
                    _refuse_entities(description, element.getroottree().getroot())
                if fitting.fits(element):
                    count += 1
                    opened.append((count, element))
                continue
            if opened and opened[-1][1] is element:
                yield opened.pop()
            if not opened:
                _forget(element)
        _refuse_undeclared(description, events.error_log)
        if not count and events.root is not None:
            _refuse_entities(description, events.root)
            _refuse_foreign_root(description, events.root)


class _Fitting:
    """Which elements are items; siblings of one name all are, or none is."""

    def __init__(self, pattern: Pattern) -> None:
        self._pattern = pattern
        self._parent: etree._Element | None = None
        self._known: dict[object, bool] = {}
        self.is_new = True

    def fits(self, element: etree._Element) -> bool:
        parent = element.getparent()
        if self.is_new or parent is not self._parent:
            self.is_new, self._parent, self._known = False, parent, {}
        if element.tag not in self._known:
            above = [str(one.tag) for one in element.iterancestors()]
            self._known[element.tag] = self._pattern.fits([*reversed(above), str(element.tag)])
        return self._known[element.tag]


def _forget(element: etree._Element) -> None:
    """Take out of memory what an element holds, and all that stands before it."""
    element.clear()
    for one in (element, *element.iterancestors()):
        parent = one.getparent()
        while parent is not None and one.getprevious() is not None:
            del parent[0]


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


def _refuse_entities(description: SourceDescription, root: etree._Element) -> None:
    """Entities are not expanded, and what is not expanded would be lost."""
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and dtd.entities():  # type: ignore[attr-defined,redundant-expr]  # the stubs know neither
        raise SourceError(
            "the document declares entities of its own, which are not expanded; write them out",
            message_zh="文档自行声明了实体，系统不展开实体；请改为直接书写内容",
            location=Location(str(description.path)),
        )


def _refuse_undeclared(description: SourceDescription, log: Iterable[etree._LogEntry]) -> None:
    """An entity that only another file may declare is left out by the parser with a warning."""
    for entry in log:
        if entry.type == etree.ErrorTypes.WAR_UNDECLARED_ENTITY:
            raise SourceError(
                f"{entry.message}: other files are not read, and what it stands for would be lost; write it out",
                message_zh="引用了文档中未定义的实体；系统不读取其他文件，请改为直接书写内容",
                location=Location(str(description.path), entry.line, entry.column),
            )


def _refuse_foreign_root(description: SourceDescription, root: etree._Element) -> None:
    """No items is an answer; an iterator that cannot even enter the document is a mistake."""
    first = [step.partition("[")[0] for step in description.iterator.strip().split("/")[1:2]]
    names = _names_of(description, str(root.tag))
    if first in ([""], ["*"]) or (first and first[0] in names):
        return
    asked = first[0] if first else description.iterator
    raise SourceError(
        f"the iterator {description.iterator!r} does not begin at the document's root "
        f"{root.tag}{did_you_mean(asked, names)}",
        message_zh=f"迭代器“{description.iterator}”与文档根元素 {root.tag} 不符{did_you_mean_zh(asked, names)}",
        location=Location(str(description.path)),
    )


def _names_of(description: SourceDescription, tag: str) -> list[str]:
    """How a path may name an element: by each prefix declared for its namespace, or bare where it has none."""
    if not tag.startswith("{"):
        return [tag]
    iri, _, name = tag[1:].partition("}")
    return [f"{prefix}:{name}" for prefix, declared in description.namespaces.items() if declared == iri]
