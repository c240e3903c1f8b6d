"""`PYTHONPATH=tests python -m bench.suggestion FOLDER…`: what `emkg map suggest` proposes, against mappings that people wrote.

For every mapping whose file is found below one of the folders (one file a mapping's source, where several are of one
make): of the columns that the mapping gives a property to, how many are seen at all, how many get that property
proposed, how many another one, and how many have it among the first three candidates. A column that is not seen counts
as missed. The mappings were at hand when the words were collected: the figures say how far the words reach, not how a
stranger's file will fare.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from emkg.content import content_root
from emkg.mapping.expression import references
from emkg.mapping.model import Constant, TermMap
from emkg.mapping.parse import parse_mapping
from emkg.pipeline.suggestion import suggest_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.mapping.model import Mapping
    from emkg.pipeline.suggestion import ColumnProposal


def written(mapping: Mapping, file: Path) -> dict[str, set[str]]:
    """Column -> the properties that the mapping gives it, for the triples maps of one file."""
    found: dict[str, set[str]] = {}
    for triples_map in mapping.triples_maps:
        if triples_map.source.path != file:
            continue
        for predicate_object in triples_map.predicate_objects:
            names = [
                one.expression.term.value
                for one in predicate_object.predicates
                if isinstance(one.expression, Constant)
            ]
            for item in predicate_object.objects:
                for column in references(item.expression) if isinstance(item, TermMap) else ():
                    found.setdefault(column, set()).update(names)
    return found


def measured(folders: list[Path]) -> Iterator[tuple[str, int, int, int, int, int]]:
    """Mapping and file, columns, seen, proposed, proposed for another property, among the first three."""
    content = content_root()
    for path in sorted((content / "mappings").glob("*/*.yml")):
        if path.parent.name in {"reference", "city"}:
            continue
        seen: set[str] = set()
        for folder in folders:
            mapping = parse_mapping(path, data_root=folder)
            files = {one.source.path for one in mapping.triples_maps if one.source.path.is_file()}
            for file in sorted(files):
                make = re.sub(r"\d+", "", file.name)
                if make in seen:
                    continue
                seen.add(make)
                expected = {_plain(name): iris for name, iris in written(mapping, file).items()}
                found = _proposals(file, content)
                asked = [(iris, found[name]) for name, iris in expected.items() if name in found]
                first = sum(bool(one.chosen) and one.chosen.target.iri in iris for iris, one in asked)
                other = sum(bool(one.chosen) for _, one in asked) - first
                third = sum(any(fit.target.iri in iris for fit in one.candidates) for iris, one in asked)
                yield (
                    f"{path.parent.name}/{path.stem} {file.name}",
                    len(expected),
                    len(asked),
                    first,
                    other,
                    third,
                )


def _proposals(file: Path, content: Path) -> dict[str, ColumnProposal]:
    """Column -> its proposal, of the table that has it; of several, of the one that most columns are mapped of."""
    tables = sorted(suggest_tables(file, content), key=lambda one: one.mapped)
    return {_plain(one.column.name): one for table in tables for one in table.columns}


def _plain(reference: str) -> str:
    """The last steps of an XPath, without prefixes and places; any other reference as it stands."""
    if not re.match(r"\w+:\w", reference):
        return reference
    return re.sub(r"\[\d+\]|\w+:", "", reference).removeprefix("info/")


def main() -> None:
    """Print one line a file, and the sum."""
    total = [0, 0, 0, 0, 0]
    sys.stdout.write(f"{'mapping and file':70} columns  seen  proposed  another  in three\n")
    for name, *counts in measured([Path(folder) for folder in sys.argv[1:]]):
        total = [one + other for one, other in zip(total, counts, strict=True)]
        sys.stdout.write(
            f"{name[:70]:70} {counts[0]:7} {counts[1]:5} {counts[2]:9} {counts[3]:8} {counts[4]:9}\n"
        )
    sys.stdout.write(f"{'all':70} {total[0]:7} {total[1]:5} {total[2]:9} {total[3]:8} {total[4]:9}\n")


if __name__ == "__main__":
    main()
