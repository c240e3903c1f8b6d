from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from emkg.demonstration import generate_city
from emkg.pipeline.lint import LintFinding, Severity, lint_inputs, lint_mappings

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 11, 25)


def _errors(findings: tuple[LintFinding, ...]) -> list[str]:
    return [
        f"{one.location}: {one.code}: {one.message}" for one in findings if one.severity is Severity.ERROR
    ]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    generate_city(folder)
    return folder


def test_the_packaged_mappings_lint_without_errors_on_the_city(checkout: Path, city: Path) -> None:
    files = [
        path for path in sorted(checkout.glob("mappings/*/*.yml")) if path.parent.name not in {"real", "own"}
    ]

    report = lint_mappings(files, lint_inputs(checkout, as_of=DAY, data_root=city))

    assert len(files) > 15
    assert _errors(report.findings) == []
    assert not any(one.code == "unchecked-source" for one in report.findings)


def test_every_packaged_mapping_lints_without_errors_alone_and_without_data(checkout: Path) -> None:
    inputs = lint_inputs(checkout, as_of=DAY)
    errors = [
        line
        for path in sorted(checkout.glob("mappings/*/*.yml"))
        for line in _errors(lint_mappings([path], inputs).findings)
    ]

    assert errors == []
