"""A coverage as a table for people, CSV for spreadsheets, JSON for machines."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emkg.audit.coverage import LEVELS, PHASES, UNSPECIFIED_LEVEL, CoverageState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from emkg.audit.coverage import Cell, Coverage

PHASE_NAMES = dict(
    zip(
        PHASES,
        (
            ("风险管理", "risk"),
            ("应急准备", "prepare"),
            ("监测", "monitor"),
            ("预警", "warn"),
            ("应急处置", "respond"),
            ("救援", "rescue"),
            ("恢复", "recover"),
            ("重建", "rebuild"),
            ("全程", "whole"),
        ),
        strict=True,
    )
)
LEVEL_NAMES = dict(
    zip(
        (*LEVELS, UNSPECIFIED_LEVEL),
        (
            ("国家", "national"),
            ("省", "province"),
            ("市", "city"),
            ("县", "county"),
            ("乡", "township"),
            ("社区", "community"),
            ("单位", "unit"),
            ("未写明", "unspecified"),
        ),
        strict=True,
    )
)
STATE_NAMES = {
    CoverageState.GROUNDED: ("有专门依据", "grounded"),
    CoverageState.GENERAL: ("仅有一般依据", "general only"),
    CoverageState.UNREAD: ("未见，但有法规未读全", "none found, acts not fully read"),
    CoverageState.GAP: ("空白", "gap"),
}
_MARKS = {
    CoverageState.GROUNDED: "0",
    CoverageState.GENERAL: "·",
    CoverageState.UNREAD: "?",
    CoverageState.GAP: "∅",
}
_LEGEND = (
    ("数字：该类型自身的职责条数（各层级合计）；·：仅有一般依据；?：未见，但有法规未读全；∅：空白",),
    (
        "number: duties of the type itself, all levels; ·: general duties only; ?: none found, acts not fully read; ∅: gap",
    ),
)
COLUMNS = (
    "event_type",
    "code",
    "event_type_zh",
    "event_type_en",
    "phase",
    "level",
    "state",
    "duties",
    "general_duties",
    "acts",
    "articles",
    "bearers",
    "duty_ids",
    "unread_acts",
)


@dataclass(frozen=True)
class Grid:
    """Text in cells, for whatever draws tables."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    legend: tuple[str, ...]


def coverage_json(coverage: Coverage) -> dict[str, object]:
    """The whole coverage as JSON-ready data; cells in the coverage's order."""
    return {
        "as_of": coverage.as_of.isoformat(),
        "jurisdiction": coverage.jurisdiction,
        "acts": list(coverage.acts),
        "states": {state.value: coverage.count(state) for state in CoverageState},
        "cells": [_cell_json(cell) for cell in coverage.cells],
    }


def _cell_json(cell: Cell) -> dict[str, object]:
    return {
        "event_type": cell.event_type.key,
        "code": cell.event_type.code,
        "event_type_zh": cell.event_type.zh,
        "event_type_en": cell.event_type.en,
        "phase": cell.phase,
        "level": cell.level,
        "state": cell.state.value,
        "duties": [
            {
                "duty": duty.duty,
                "act": duty.act,
                "article": duty.article,
                "modality": duty.modality,
                "bearers": list(duty.bearers),
            }
            for duty in cell.duties
        ],
        "general_duties": cell.general,
        "unread_acts": [{"act": act.act, "reason": act.reason} for act in cell.unread],
    }


def coverage_csv(coverage: Coverage) -> str:
    """One row a cell, lists joined by `;`, as RFC 4180 with LF; starts with a header row."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_cell_row(cell) for cell in coverage.cells)
    return out.getvalue()


def _cell_row(cell: Cell) -> tuple[object, ...]:
    return (
        cell.event_type.key,
        cell.event_type.code,
        cell.event_type.zh,
        cell.event_type.en,
        cell.phase,
        cell.level,
        cell.state.value,
        len(cell.duties),
        cell.general,
        _join(duty.act for duty in cell.duties),
        _join(f"{duty.act} {duty.article}" for duty in cell.duties),
        _join(bearer for duty in cell.duties for bearer in duty.bearers),
        _join(duty.duty for duty in cell.duties),
        _join(f"{act.act} ({act.reason})" for act in cell.unread),
    )


def _join(values: Iterable[str]) -> str:
    return ";".join(dict.fromkeys(values))


def coverage_matrix(coverage: Coverage, language: str) -> Grid:
    """Event types by phases: own duties counted over all levels, else a mark for the best state of the cells."""
    index = 0 if language == "zh" else 1
    totals: Counter[tuple[str, str]] = Counter()
    best: dict[tuple[str, str], CoverageState] = {}
    order = list(CoverageState)
    for cell in coverage.cells:
        key = (cell.event_type.key, cell.phase)
        totals[key] += len(cell.duties)
        best[key] = min(best.get(key, CoverageState.GAP), cell.state, key=order.index)
    rows = (
        (
            name.code or name.key,
            name.zh if index == 0 else name.en,
            *(str(totals[name.key, phase] or _MARKS[best[name.key, phase]]) for phase in PHASES),
        )
        for name in dict.fromkeys(cell.event_type for cell in coverage.cells)
    )
    heads = (("代码", "Code"), ("事件类型", "Event type"), *PHASE_NAMES.values())
    return Grid(_title(coverage, index), tuple(head[index] for head in heads), tuple(rows), _LEGEND[index])


def coverage_detail(coverage: Coverage, language: str) -> Grid:
    """One row a duty, and one for each cell without any."""
    index = 0 if language == "zh" else 1
    heads = (
        ("环节", "Phase"),
        ("层级", "Level"),
        ("状态", "State"),
        ("依据", "Ground"),
        ("性质", "Modality"),
        ("主体", "Bearers"),
    )
    rows = tuple(row for cell in coverage.cells for row in _detail(cell, index))
    return Grid(_title(coverage, index), tuple(head[index] for head in heads), rows, ())


def _title(coverage: Coverage, index: int) -> str:
    counts = ", ".join(f"{STATE_NAMES[state][index]} {coverage.count(state)}" for state in CoverageState)
    if index == 0:
        return f"截至 {coverage.as_of}，辖区 {coverage.jurisdiction}：{len(coverage.cells)} 格（{counts}）；依据 {len(coverage.acts)} 部法规版本"
    return f"As of {coverage.as_of}, division {coverage.jurisdiction}: {len(coverage.cells)} cells ({counts}); {len(coverage.acts)} act versions"


def _detail(cell: Cell, index: int) -> Iterator[tuple[str, ...]]:
    place = (PHASE_NAMES[cell.phase][index], LEVEL_NAMES[cell.level][index], STATE_NAMES[cell.state][index])
    for duty in cell.duties:
        yield (*place, f"{duty.act} {duty.article}", duty.modality, "、".join(duty.bearers))
    if not cell.duties:
        unread = _join(act.act for act in cell.unread) if cell.state is CoverageState.UNREAD else ""
        yield (*place, unread, "", "")
