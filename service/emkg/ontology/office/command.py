"""The command that makes the tables of offices and incumbencies: `python -m emkg.ontology.office`.

Without arguments it prints how far the wordings are resolved, and ends with 1 if the tables on disk are not what the
grammar and its tables give. `--write` writes them. `--explain WORDING` shows how one wording is read.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from emkg.content import content_root
from emkg.ontology.office.coverage import measure_coverage, render_coverage
from emkg.ontology.office.designation import designations
from emkg.ontology.office.lexicon import read_rows
from emkg.ontology.office.resolution import Usage, resolve
from emkg.ontology.office.table import make_tables, read_knowledge, read_usages
from emkg.ontology.office.wording import parse_wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emkg.ontology.office.table import OfficeTables


def main(arguments: Sequence[str] | None = None) -> int:
    """0: the tables agree, or were written, or a wording was explained; 1: they differ from the grammar."""
    parser = argparse.ArgumentParser(prog="python -m emkg.ontology.office", description=__doc__)
    parser.add_argument(
        "--reference", type=Path, help="folder of the reference tables; the packaged one by default"
    )
    parser.add_argument("--write", action="store_true", help="write offices.csv and incumbencies.csv")
    parser.add_argument("--explain", metavar="WORDING", help="how a wording is read and whom it names")
    options = parser.parse_args(arguments)
    reference: Path = options.reference or content_root() / "ontology" / "reference"
    if options.explain:
        sys.stdout.write(explain(options.explain, reference))
        return 0
    return _make(reference, is_written=options.write)


def _make(reference: Path, *, is_written: bool) -> int:
    tables = make_tables(reference)
    if is_written:
        for name, text in _texts(tables).items():
            (reference / name).write_text(text, encoding="utf-8", newline="\n")
    sys.stdout.write(render_coverage(measure_coverage(tables)))
    stale = stale_tables(tables, reference)
    for name in stale:
        sys.stderr.write(
            f"{name}: not what the grammar gives; run with --write 与语法结果不一致，请加 --write 重新生成\n"
        )
    return 1 if stale else 0


def stale_tables(tables: OfficeTables, reference: Path) -> list[str]:
    """The tables whose file is not what was made; empty when grammar and tables agree."""
    return [
        name
        for name, text in _texts(tables).items()
        if not (reference / name).is_file() or (reference / name).read_text(encoding="utf-8") != text
    ]


def _texts(tables: OfficeTables) -> dict[str, str]:
    return {"offices.csv": tables.offices, "incumbencies.csv": tables.incumbencies}


def explain(wording: str, reference: Path) -> str:
    """How a wording is cut, what its parts name, and whom it was resolved to."""
    knowledge = read_knowledge(reference / "wording")
    parsed = parse_wording(wording, knowledge.lexicon)
    usage = read_usages(read_rows(reference / "duties.csv")).get(wording, Usage(1, 1))
    found = resolve(wording, usage, knowledge)
    lines = [" ".join(f"{token.text}/{token.kind.value}" for token in parsed.tokens)]
    for part in designations(parsed):
        where = ",".join(sorted(part.levels)) or part.relation
        lines.append(f"  {part.kind.value} {part.text}: {part.subject} {where}".rstrip())
    lines.append(f"{found.kind}: {' '.join(found.bodies)} {' '.join(found.classes)} {' '.join(found.rules)}")
    return "\n".join(line.rstrip() for line in lines) + "\n"
