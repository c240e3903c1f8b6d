"""The guide to a first mapping, typed as it stands: its commands run, and what it says of their output holds."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping


@pytest.fixture(scope="module")
def outputs(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Heading of the section -> what its commands printed."""
    text = (checkout / "docs/guide/first-mapping.md").read_text(encoding="utf-8")
    sections = re.findall(r"^## (.+?)$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    folder = tmp_path_factory.mktemp("guide")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "EMKG_LANG": "en", "XDG_CACHE_HOME": str(folder / "cache")}
    return {
        heading: "".join(
            _run(script, folder, environment) for script in re.findall(r"```sh\n(.*?)```", body, re.DOTALL)
        )
        for heading, body in sections
    }


def _run(script: str, folder: Path, environment: Mapping[str, str]) -> str:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_file_is_told_for_what_it_is(outputs: dict[str, str]) -> None:
    shown = outputs["What is it?"]

    assert "Encoding: gb18030" in shown
    assert "the column names are in row 2" in shown
    assert "could be the key: 事件编号" in shown
    assert "event type code" in shown
    assert "division code" in shown


def test_six_of_seven_columns_are_mapped_and_lint_agrees(outputs: dict[str, str]) -> None:
    shown = outputs["A first mapping"]

    assert "6 of 7 columns mapped" in shown
    assert shown.count("0 errors, 0 warnings") == 2
    assert "unmapped-column" in shown.split("0 errors, 0 warnings")[0]


def test_two_bad_cells_are_in_quarantine_with_their_rows(outputs: dict[str, str]) -> None:
    shown = outputs["What does it give?"]

    assert "2 values in quarantine" in shown
    assert re.search(r"incidents\.csv,6,发生日期,2026年2月30日", shown)
    assert re.search(r"incidents\.csv,7,受伤人数,若干", shown)


def test_the_graph_says_who_must_act_how_many_and_why(outputs: dict[str, str]) -> None:
    assert re.search(r"fire/incidents\s+│ loaded", outputs["Into the graph"])
    shown = outputs["Ask"]
    assert "Road Traffic" in shown or "Fire" in shown
    assert re.search(r"Fire accident\s+│ 8", shown)
    assert "incidents.csv" in shown
    assert "死亡人数" in shown
