"""JSON, JSON Lines and XML: which iterators there are, and what their items hold."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeAlias

from lxml import etree

from emkg.sources.description import Formulation, SourceDescription
from emkg.sources.inspection.sample import TableSample
from emkg.sources.json_items import json_decoder
from emkg.sources.json_text import JsonText
from emkg.sources.text import open_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from emkg.sources.inspection.encoding import EncodingFinding
    from emkg.sources.json_value import Json

    Cells: TypeAlias = dict[str, str]

_TABLES: Final = 8  # iterators shown
_DEPTH: Final = 12
_WORD: Final = re.compile(r"(?!https?$|urn$)[a-z][a-z]+\d*")  # of a namespace, fit to be its prefix
_KEPT: Final = 1000  # children of one element that stay in memory


def sample_json(path: Path, encoding: EncodingFinding, limit: int) -> Iterator[TableSample]:
    """The arrays of objects in a document, the fullest first; the document itself where there is none.

    The whole document is read, one element of its outermost arrays at a time; `limit` objects of each array are kept.

    Raises:
        SourceError: It is no JSON; located by line and column.
    """
    with open_text(SourceDescription(path, Formulation.JSON, encoding=encoding.name)) as file:
        text, arrays = JsonText(file, path), _Arrays(limit)
        single = _walk(text, "$", arrays)
        text.expect_end()
    declared = _declared(encoding)
    usual = sorted(arrays.counts, key=lambda one: -arrays.counts[one])
    for iterator in usual[:_TABLES]:
        options: dict[str, str | int] = {"referenceFormulation": "jsonpath", **declared, "iterator": iterator}
        notes = _left_out(usual[_TABLES:]) if iterator == usual[:_TABLES][-1] else ()
        yield _table(iterator, options, arrays.items[iterator], arrays.counts[iterator], notes)
    if not arrays.counts:
        yield _table("$", {"referenceFormulation": "jsonpath", **declared, "iterator": "$"}, [single], 1)


class _Arrays:
    """How many objects each array holds, and the first of them."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.counts: Counter[str] = Counter()
        self.items: dict[str, list[Cells]] = defaultdict(list)

    def add(self, path: str, item: Json, depth: int = 0) -> None:
        """An object of an array, and those of the arrays within it."""
        if not isinstance(item, dict):
            return
        self.counts[path] += 1
        if len(self.items[path]) < self._limit:
            self.items[path].append(_members(item, ""))
        self._within(item, path, depth)

    def _within(self, node: dict[str, Json], path: str, depth: int) -> None:
        for name, value in node.items() if depth < _DEPTH else ():
            if isinstance(value, dict):
                self._within(value, f"{path}{_step(name)}", depth + 1)
            elif isinstance(value, list):
                for item in value:
                    self.add(f"{path}{_step(name)}[*]", item, depth + 1)


def _walk(text: JsonText, path: str, arrays: _Arrays) -> Cells:
    """Read on: into objects member by member, through arrays element by element; gives the single values on the way."""
    if text.peek() == "{":
        cells: Cells = {}
        for name in text.members():
            cells |= _walk(text, f"{path}{_step(name)}", arrays)
        return cells
    if text.peek() == "[":
        for element in text.elements():
            arrays.add(f"{path}[*]", element)
        return {}
    value = text.value()
    return {} if value is None else {path.removeprefix("$").removeprefix(".") or "@": _text(value)}


def _declared(encoding: EncodingFinding) -> dict[str, str | int]:
    return {} if encoding.name == "utf-8" else {"encoding": encoding.name}


def sample_json_lines(path: Path, encoding: EncodingFinding, limit: int) -> Iterator[TableSample]:
    """The objects of a JSON Lines file."""
    decoder = json_decoder()
    cells: list[Cells] = []
    faulty = 0
    with path.open(encoding=encoding.name) as lines:
        for line in islice(lines, limit):
            try:
                cells.append(_members(decoder.decode(line.removeprefix("\ufeff")), ""))
            except json.JSONDecodeError:
                faulty += 1
        is_whole = not lines.readline()
    notes = ((f"{faulty} lines are no JSON", f"{faulty} 行不是有效的 JSON"),) if faulty else ()
    yield _table(
        "",
        {"referenceFormulation": "jsonl", **_declared(encoding)},
        cells,
        len(cells) if is_whole else 0,
        notes,
    )


def _step(name: str) -> str:
    return f".{name}" if name.isidentifier() else "['" + name.replace("\\", "\\\\").replace("'", "\\'") + "']"


def _members(node: Json, prefix: str) -> Cells:
    """Every single value below an object, by its path; arrays as `path[*]`, their first single value shown."""
    cells: Cells = {}
    if not isinstance(node, dict):
        return cells
    for name, value in node.items():
        path = f"{prefix}{_step(name)}".removeprefix(".")
        if isinstance(value, dict):
            cells |= _members(value, path)
        elif isinstance(value, list):
            single = [one for one in value if not isinstance(one, dict | list)]
            if name == "coordinates" and len(single) == len(value):  # of a point, whose places mean something
                cells |= {f"{path}[{place}]": _text(one) for place, one in enumerate(single)}
            elif single:
                cells[f"{path}[*]"] = _text(single[0])
        elif value is not None:
            cells[path] = _text(value)
    return cells


def _text(value: Json) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def sample_xml(path: Path, _: EncodingFinding, limit: int) -> Iterator[TableSample]:
    """The elements that come in numbers and hold others, the most frequent first; the root where there is none."""
    counts: Counter[str] = Counter()
    siblings: list[Counter[str]] = [Counter()]
    samples: dict[str, list[Cells]] = defaultdict(list)
    prefixes: dict[str, str] = {}
    with path.open("rb") as file:
        events = etree.iterparse(
            file,
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            remove_comments=True,
        )
        trail: list[str] = []
        for event, element in events:
            if event == "start":
                trail.append(_name(element, prefixes))
                siblings.append(Counter())
                continue
            where = "/" + "/".join(trail)
            siblings.pop()
            siblings[-1][trail.pop()] += 1
            if len(element) or element.attrib:
                counts[where] += 1
                if len(samples[where]) < limit:
                    samples[where].append(_children(element, "", prefixes))
            if max(siblings[-1].values()) > _KEPT:
                _let_go(element)
    (root,) = list(counts)[-1:] or ("",)  # it ends last: one item a file
    usual = [where for where, count in counts.most_common() if count > 1 and where != root]
    for where in (*usual[: _TABLES - 1], *filter(None, (root,))):
        options: dict[str, str | int] = {"referenceFormulation": "xpath", "iterator": where}
        names = {prefix: iri for iri, prefix in prefixes.items()}
        if names:
            options["namespaces"] = json.dumps(names, ensure_ascii=False)
        notes = _left_out(usual[_TABLES - 1 :]) if where == root else ()
        yield _table(where, options, samples[where], counts[where], notes)


def _left_out(iterators: Sequence[str]) -> tuple[tuple[str, str], ...]:
    if not iterators:
        return ()
    names = ", ".join(iterators)
    return ((f"further iterators, not looked into: {names}", f"另有未检查的迭代路径：{names}"),)


def _let_go(element: etree._Element) -> None:
    """Free what an element held and the one before it: one of very many children, it shows its parent nothing new."""
    parent, before = element.getparent(), element.getprevious()
    element.clear()
    if parent is not None and before is not None:
        parent.remove(before)


def _name(element: etree._Element, prefixes: dict[str, str]) -> str:
    name = etree.QName(element)
    if not name.namespace:
        return name.localname
    if name.namespace not in prefixes:
        words = [word for word in re.split(r"[/:#]", name.namespace) if _WORD.fullmatch(word)]
        free = [word for word in (element.prefix, *words[-1:]) if word and word not in prefixes.values()]
        prefixes[name.namespace] = free[0] if free else f"n{len(prefixes) + 1}"
    return f"{prefixes[name.namespace]}:{name.localname}"


def _children(element: etree._Element, prefix: str, prefixes: dict[str, str]) -> Cells:
    cells: Cells = {
        f"{prefix}@{name!s}": str(value) for name, value in element.attrib.items() if "{" not in str(name)
    }
    if not len(element) and element.text and element.text.strip():
        cells["."] = element.text
    for child in element:
        path = f"{prefix}{_name(child, prefixes)}"
        if len(child):
            cells |= _children(child, f"{path}/", prefixes)
        elif child.text and path not in cells:
            cells[path] = child.text
    return cells


def _table(
    name: str,
    options: dict[str, str | int],
    cells: Sequence[Cells],
    count: int,
    notes: tuple[tuple[str, str], ...] = (),
) -> TableSample:
    columns = tuple(dict.fromkeys(path for one in cells for path in one))
    rows = [(number, [one.get(path) for path in columns]) for number, one in enumerate(cells, start=1)]
    return TableSample(name, options, columns, rows, count == len(cells), notes, count=count)
