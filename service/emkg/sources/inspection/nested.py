"""JSON, JSON Lines and XML: which iterators there are, and what their items hold."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeAlias

from lxml import etree

from emkg.sources.inspection.sample import TableSample
from emkg.sources.json_items import json_decoder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from emkg.sources.inspection.encoding import EncodingFinding
    from emkg.sources.jsonpath import Json

    Cells: TypeAlias = dict[str, str]

_TABLES: Final = 5  # iterators shown
_DEPTH: Final = 12


def sample_json(path: Path, encoding: EncodingFinding, limit: int) -> Iterator[TableSample]:
    """The arrays of objects in a document, the fullest first; the document itself where there is none."""
    document: Json = json_decoder().decode(path.read_text(encoding=encoding.name).removeprefix("\ufeff"))
    arrays: dict[str, list[Json]] = {}
    _arrays(document, "$", arrays, 0)
    chosen = sorted(arrays.items(), key=lambda item: -len(item[1]))[:_TABLES] or [("$", [document])]
    for iterator, items in chosen:
        options: dict[str, str | int] = {"referenceFormulation": "jsonpath", "iterator": iterator}
        yield _table(iterator, options, [_members(item, "") for item in items[:limit]], len(items) <= limit)


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
    yield _table("", {"referenceFormulation": "jsonl"}, cells, is_whole, notes)


def _arrays(node: Json, path: str, found: dict[str, list[Json]], depth: int) -> None:
    if depth > _DEPTH:
        return
    if isinstance(node, dict):
        for name, value in node.items():
            _arrays(value, f"{path}{_step(name)}", found, depth + 1)
    elif isinstance(node, list):
        items = [item for item in node if isinstance(item, dict)]
        if items:
            found.setdefault(f"{path}[*]", []).extend(items)
            for item in items:
                _arrays(item, f"{path}[*]", found, depth + 1)


def _step(name: str) -> str:
    return f".{name}" if name.isidentifier() else "['" + name.replace("\\", "\\\\").replace("'", "\\'") + "']"


def _members(node: Json, prefix: str) -> Cells:
    """Every single value below an object, by its path; arrays of single values as `path[*]`, their first value shown."""
    cells: Cells = {}
    if not isinstance(node, dict):
        return cells
    for name, value in node.items():
        path = f"{prefix}{_step(name)}".removeprefix(".")
        if isinstance(value, dict):
            cells |= _members(value, path)
        elif isinstance(value, list):
            single = [one for one in value if not isinstance(one, dict | list)]
            if single:
                cells[f"{path}[*]"] = _text(single[0])
        elif value is not None:
            cells[path] = _text(value)
    return cells


def _text(value: Json) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def sample_xml(path: Path, limit: int) -> Iterator[TableSample]:
    """The elements that come in numbers and hold others, the most frequent first; the root where there is none."""
    counts: Counter[str] = Counter()
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
                continue
            where = "/" + "/".join(trail)
            trail.pop()
            if len(element) or element.attrib:
                counts[where] += 1
                if len(samples[where]) < limit:
                    samples[where].append(_children(element, "", prefixes))
    usual = [where for where, count in counts.most_common() if count > 1][: _TABLES - 1]
    usual += [
        where for where in list(counts)[-1:] if where not in usual
    ]  # the root ends last: one item a file
    for where in usual:
        options: dict[str, str | int] = {"referenceFormulation": "xpath", "iterator": where}
        names = {prefix: iri for iri, prefix in prefixes.items()}
        if names:
            options["namespaces"] = json.dumps(names, ensure_ascii=False)
        yield _table(where, options, samples[where], counts[where] <= limit)


def _name(element: etree._Element, prefixes: dict[str, str]) -> str:
    name = etree.QName(element)
    if not name.namespace:
        return name.localname
    if name.namespace not in prefixes:
        prefixes[name.namespace] = element.prefix or f"n{len(prefixes) + 1}"
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
    is_whole: bool,
    notes: tuple[tuple[str, str], ...] = (),
) -> TableSample:
    columns = tuple(dict.fromkeys(path for one in cells for path in one))
    rows = [(number, [one.get(path) for path in columns]) for number, one in enumerate(cells, start=1)]
    return TableSample(name, options, columns, rows, is_whole, notes)
