"""`PYTHONPATH=tests python -m bench.suggestion FOLDER…`: what `emkg map suggest` proposes, against mappings that people wrote.

For every mapping of a tabular source whose file is found below one of the folders: of the columns that the mapping
gives a property to, how many get that property proposed, and how many have it among the first three candidates.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from emkg.content import content_root
from emkg.mapping.expression import references
from emkg.mapping.model import Constant, TermMap
from emkg.mapping.parse import parse_mapping
from emkg.pipeline.suggestion import suggest_mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.mapping.model import Mapping


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


def measured(folders: list[Path]) -> Iterator[tuple[str, int, int, int]]:
    """Mapping, columns, proposed, among the first three."""
    content = content_root()
    seen: set[tuple[Path, Path]] = set()
    for path in sorted((content / "mappings").glob("*/*.yml")):
        if path.parent.name in {"reference", "city"}:
            continue
        for folder in folders:
            mapping = parse_mapping(path, data_root=folder)
            files = {one.source.path for one in mapping.triples_maps if one.source.path.is_file()}
            for file in sorted(one for one in files if (path, one) not in seen):
                seen.add((path, file))
                expected = written(mapping, file)
                columns = [
                    one for one in suggest_mapping(file, content).columns if one.column.name in expected
                ]
                first = sum(
                    bool(one.chosen) and one.chosen.target.iri in expected[one.column.name] for one in columns
                )
                third = sum(
                    any(fit.target.iri in expected[one.column.name] for fit in one.candidates)
                    for one in columns
                )
                yield f"{path.parent.name}/{path.stem} {file.name}", len(columns), first, third


def main() -> None:
    """Print one line a file, and the sum."""
    total = [0, 0, 0]
    sys.stdout.write(f"{'mapping and file':70} columns  proposed  in three\n")
    for name, *counts in measured([Path(folder) for folder in sys.argv[1:]]):
        total = [one + other for one, other in zip(total, counts, strict=True)]
        sys.stdout.write(f"{name[:70]:70} {counts[0]:7} {counts[1]:9} {counts[2]:9}\n")
    sys.stdout.write(f"{'all':70} {total[0]:7} {total[1]:9} {total[2]:9}\n")


if __name__ == "__main__":
    main()
