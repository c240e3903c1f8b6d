"""A coverage as a table for people, CSV for spreadsheets, JSON for machines."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import TYPE_CHECKING

from emkg.audit.coverage import LEVELS, PHASES, UNSPECIFIED_LEVEL, CoverageState

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def coverage_text(coverage: Coverage, language: str, *, event_type: str | None = None) -> str:
    """A matrix of event types by phases (own duties counted), or every cell of one event type; zh or en."""
    index = 0 if language == "zh" else 1
    lines = [_headline(coverage, index)]
    if event_type is None:
        lines += _matrix(coverage, index)
    else:
        lines += _detail([cell for cell in coverage.cells if cell.event_type.key == event_type], index)
    return "\n".join(lines) + "\n"


def _headline(coverage: Coverage, index: int) -> str:
    counts = ", ".join(f"{STATE_NAMES[state][index]} {coverage.count(state)}" for state in CoverageState)
    if index == 0:
        return f"截至 {coverage.as_of}，辖区 {coverage.jurisdiction}：{len(coverage.cells)} 格（{counts}）；依据 {len(coverage.acts)} 部法规版本"
    return f"As of {coverage.as_of}, division {coverage.jurisdiction}: {len(coverage.cells)} cells ({counts}); {len(coverage.acts)} act versions"


def _matrix(coverage: Coverage, index: int) -> list[str]:
    totals: Counter[tuple[str, str]] = Counter()
    worst: dict[tuple[str, str], CoverageState] = {}
    order = list(CoverageState)
    for cell in coverage.cells:
        key = (cell.event_type.key, cell.phase)
        totals[key] += len(cell.duties)
        best = worst.get(key, CoverageState.GAP)
        worst[key] = min(best, cell.state, key=order.index)
    marks = {CoverageState.GENERAL: "·", CoverageState.UNREAD: "?", CoverageState.GAP: "∅"}
    legend = (
        ("数字=专门职责条数（各层级合计）", "·=仅有一般依据", "?=未见但有法规未读全", "∅=空白")
        if index == 0
        else (
            "number = duties of the type itself",
            "· = general duties only",
            "? = none found, acts not fully read",
            "∅ = gap",
        )
    )
    lines = ["  ".join(legend), "\t".join(("", *(PHASE_NAMES[phase][index] for phase in PHASES)))]
    for name in dict.fromkeys(cell.event_type for cell in coverage.cells):
        row = (str(totals[name.key, phase] or marks.get(worst[name.key, phase], "0")) for phase in PHASES)
        lines.append("\t".join((f"{name.code or name.key} {name.zh if index == 0 else name.en}", *row)))
    return lines


def _detail(cells: list[Cell], index: int) -> list[str]:
    lines = []
    for cell in cells:
        place = f"{PHASE_NAMES[cell.phase][index]} / {LEVEL_NAMES[cell.level][index]}"
        if not cell.duties:
            unread = _join(act.act for act in cell.unread) if cell.state is CoverageState.UNREAD else ""
            lines.append(f"{place}: {STATE_NAMES[cell.state][index]}{f' ({unread})' if unread else ''}")
        lines += [
            f"{place}: {duty.act} {duty.article} [{duty.modality}] {'、'.join(duty.bearers)}"
            for duty in cell.duties
        ]
    return lines
