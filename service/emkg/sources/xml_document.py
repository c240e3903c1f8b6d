"""XML: the elements that an iterator selects, streamed; nothing outside the file is ever read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from emkg.errors import Location, SourceError
from emkg.sources.suggestion import did_you_mean, did_you_mean_zh
from emkg.sources.text import check_file
from emkg.sources.xml_items import XmlSink
from emkg.sources.xml_pattern import climbs, compile_pattern, compile_xpath

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import ibis

    from emkg.sources.description import SourceDescription
    from emkg.sources.relation import SourceRelation
    from emkg.sources.xml_pattern import Pattern


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
    return read_xml_together(backend, [(description, references)])[0]


def read_xml_together(
    backend: ibis.BaseBackend, wanted: Sequence[tuple[SourceDescription, Sequence[str]]]
) -> list[SourceRelation]:
    """What `read_xml` gives for each; the document is read once. They differ by their iterators alone.

    Raises:
        SourceError: As `read_xml` does.
    """
    descriptions = [description for description, _ in wanted]
    check_file(descriptions[0].path)
    sinks = [XmlSink(backend, description, references) for description, references in wanted]
    climbing = any(climbs(reference) for _, references in wanted for reference in references)
    for which, row, item in _items(descriptions, is_whole=climbing):
        sinks[which].append(row, item)
    return [sink.finish() for sink in sinks]


def xml_items(
    description: SourceDescription, references: Sequence[str]
) -> Iterator[tuple[int, etree._Element]]:
    """The elements that the iterator selects, each with its row; only while one is looked at is it whole."""
    for _, row, item in _items([description], is_whole=any(map(climbs, references))):
        yield row, item


def _items(
    descriptions: Sequence[SourceDescription], *, is_whole: bool
) -> Iterator[tuple[int, int, etree._Element]]:
    """Which of the iterators, the row, the element."""
    patterns = [compile_pattern(description) for description in descriptions]
    streaming = [pattern for pattern in patterns if pattern is not None]
    try:
        if is_whole or len(streaming) < len(patterns):
            yield from _items_of_tree(descriptions)
        else:
            yield from _items_of_stream(descriptions, streaming)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise SourceError(
            f"this is no well-formed XML: {error.msg}",
            message_zh="XML 格式不正确",
            location=Location(str(descriptions[0].path), line or 1, column or None),
        ) from None


def _items_of_tree(
    descriptions: Sequence[SourceDescription],
) -> Iterator[tuple[int, int, etree._Element]]:
    first = descriptions[0]
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    tree = etree.parse(str(first.path), parser)
    _refuse_entities(first, tree.getroot())
    _refuse_undeclared(first, parser.error_log)
    for which, description in enumerate(descriptions):
        found = compile_xpath(description, description.iterator)(tree)
        items = [item for item in found if etree.iselement(item)] if isinstance(found, list) else []
        if not items:
            _refuse_foreign_root(description, tree.getroot())
        for row, item in enumerate(items, start=1):
            yield which, row, item


def _items_of_stream(
    descriptions: Sequence[SourceDescription], patterns: Sequence[Pattern]
) -> Iterator[tuple[int, int, etree._Element]]:
    """Items as they end; a row is counted where its element begins. What is done with is taken out of memory.

    Only elements of the items' names are looked at: an event for every element would cost more than all the rest.
    """
    first = descriptions[0]
    tags = {pattern.tag for pattern in patterns}
    with first.path.open("rb") as file:
        events = etree.iterparse(
            file,
            events=("start", "end"),
            tag=None if None in tags else tags,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        counts = [0] * len(patterns)
        yield from _ended(events, first, _Fitting(patterns), counts)
        _refuse_undeclared(first, events.error_log)
        if events.root is not None and not all(counts):
            _refuse_entities(first, events.root)
            for description, count in zip(descriptions, counts, strict=True):
                if not count:
                    _refuse_foreign_root(description, events.root)


def _ended(
    events: Iterable[tuple[str, etree._Element]],
    description: SourceDescription,
    fitting: _Fitting,
    counts: list[int],
) -> Iterator[tuple[int, int, etree._Element]]:
    opened: list[tuple[etree._Element, list[tuple[int, int]]]] = []
    for event, element in events:
        if event == "start":
            if fitting.is_new:
                _refuse_entities(description, element.getroottree().getroot())
            if fits := fitting.fits(element):
                for which in fits:
                    counts[which] += 1
                opened.append((element, [(which, counts[which]) for which in fits]))
            continue
        if opened and opened[-1][0] is element:
            for which, row in opened.pop()[1]:
                yield which, row, element
        if not opened:
            _forget(element)


class _Fitting:
    """For which patterns elements are items; siblings of one name all are, or none is."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._patterns = patterns
        self._parent: etree._Element | None = None
        self._known: dict[str, list[int]] = {}
        self.is_new = True

    def fits(self, element: etree._Element) -> list[int]:
        parent = element.getparent()
        if self.is_new or parent is not self._parent:
            self.is_new, self._parent, self._known = False, parent, {}
        tag = str(element.tag)
        if tag not in self._known:
            asked = enumerate(self._patterns)
            self._known[tag] = [which for which, pattern in asked if pattern.fits(tag, parent)]
        return self._known[tag]


def _forget(element: etree._Element) -> None:
    """Take out of memory what an element holds, and all that stands before it."""
    element.clear()
    for one in (element, *element.iterancestors()):
        parent = one.getparent()
        while parent is not None and one.getprevious() is not None:
            del parent[0]


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
