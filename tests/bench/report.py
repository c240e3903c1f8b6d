"""The figures as a table for people (Markdown) and as JSON for programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.measure import Figures, Result

_HEADS = (
    "Measure",
    "Size",
    "Who",
    "Median s",
    "Min–max s",
    "Ratio",
    "Process s",
    "CPU s",
    "Peak MB",
    "Counted",
)
_LEFT = (0, 1, 2, 9)


def as_markdown(machine: Mapping[str, str], results: Sequence[Result]) -> str:
    """The machine, one row for each contestant, and how outputs differ."""
    header = "\n".join(f"- {name}: {value}" for name, value in machine.items())
    rows = [_HEADS, *(_row(result, one) for result in results for one in result.figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
    rule = "|".join(f"{'-' * (widths[n] + 1)}{'-' if n in _LEFT else ':'}" for n in range(len(_HEADS)))
    lines = [_line(row, widths) for row in rows]
    table = "\n".join([lines[0], f"|{rule}|", *lines[1:]])
    compared = "\n".join(_differences(one) for one in results if one.differences is not None)
    return f"{header}\n\n{table}\n" + (f"\n{compared}\n" if compared else "")


def as_json(machine: Mapping[str, str], results: Sequence[Result]) -> str:
    """Everything measured, every round."""
    measures = [
        {
            "measure": result.measure.name,
            "size": result.measure.size,
            "warm_up": result.measure.warm_up,
            "contestants": [_contestant(result, one) for one in result.figures],
            "differences": result.differences,
        }
        for result in results
    ]
    return json.dumps({"machine": dict(machine), "measures": measures}, ensure_ascii=False, indent=2) + "\n"


def _contestant(result: Result, figures: Figures) -> dict[str, object]:
    return {
        "name": figures.name,
        "median_s": figures.median_s,
        "min_s": figures.least_s,
        "max_s": figures.most_s,
        "process_s": figures.process_s,
        "cpu_s": figures.cpu_s,
        "peak_mb": figures.peak_mb,
        "ratio": result.ratio(figures),
        "runs": [asdict(one) for one in figures.runs],
    }


def _row(result: Result, one: Figures) -> tuple[str, ...]:
    return (
        result.measure.name,
        result.measure.size,
        one.name,
        f"{one.median_s:.2f}",
        f"{one.least_s:.2f}–{one.most_s:.2f}",
        f"{result.ratio(one):.2f}",
        f"{one.process_s:.2f}",
        f"{one.cpu_s:.2f}",
        f"{one.peak_mb:.0f}",
        ", ".join(f"{name} {value}" for name, value in one.facts.items()),
    )


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (
        cell.ljust(width) if number in _LEFT else cell.rjust(width)
        for number, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return f"| {' | '.join(cells)} |"


def _differences(result: Result) -> str:
    counts = "; ".join(f"{name} {count}" for name, count in (result.differences or {}).items())
    sides = " and ".join(one.name for one in result.figures[:2])
    return f"- {result.measure.name}, {result.measure.size}, {sides}: {counts}"
