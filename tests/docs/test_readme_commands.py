"""What the READMEs tell a reader to type works, on the demonstration city."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from emkg.cli.main import COMMANDS

if TYPE_CHECKING:
    from tests.conftest import Demonstration

ROOT = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.zh.md")
EMKG = ".venv/bin/emkg "


def _console_lines(readme: str) -> list[str]:
    text = (ROOT / readme).read_text(encoding="utf-8")
    blocks = re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [" ".join(shlex.split(line, comments=True)) for block in blocks for line in block.splitlines()]


LINES = {readme: _console_lines(readme) for readme in READMES}
EMKG_LINES = sorted({line for lines in LINES.values() for line in lines if line.startswith(EMKG)})


def _environment(demonstration: Demonstration) -> dict[str, str]:
    own = {"EMKG_WORKSPACE": str(demonstration.workspace.root), "XDG_CACHE_HOME": str(demonstration.cache)}
    return {**os.environ, **own, "EMKG_SERVICE__PORT": "0"}  # 8000 may be taken where the tests run


def _words(line: str) -> list[str]:
    return [sys.executable, "-m", "emkg", *shlex.split(line.removeprefix(EMKG))]


def _makefile_targets() -> dict[str, str]:
    """Target to recipe."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z]+):.*\n((?:\t.*\n)*)", text, re.MULTILINE))


@pytest.mark.parametrize("readme", READMES)
def test_every_line_is_a_make_target_or_a_command(readme: str) -> None:
    assert [line.partition(" ")[0] for line in LINES[readme] if not line.startswith(EMKG)] == ["make", "make"]
    assert any(line.startswith(EMKG) for line in LINES[readme])


def test_both_languages_show_the_same_lines() -> None:
    assert LINES["README.md"] == LINES["README.zh.md"]


@pytest.mark.parametrize("readme", READMES)
def test_every_make_target_named_is_there(readme: str) -> None:
    text = re.sub(
        r"^```.*?^```", "", (ROOT / readme).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    named = set(re.findall(r"\bmake ([a-z]+)", " ".join([*LINES[readme], *re.findall(r"`[^`]+`", text)])))

    assert {"demo", "test", "check", "bench"} <= named
    assert named <= set(_makefile_targets())


def test_the_commands_that_targets_run_are_there() -> None:
    run = {
        (target, command)
        for target, recipe in _makefile_targets().items()
        for command in re.findall(r"\$\(BIN\)/emkg ([a-z]+)", recipe)
    }

    assert {"demo", "serve"} <= {command for _, command in run}
    assert {one for one in run if one[1] not in COMMANDS} == set()


@pytest.mark.parametrize("line", [line for line in EMKG_LINES if " serve" not in line])
def test_a_command_ends_with_0_and_says_something(demonstration: Demonstration, line: str) -> None:
    ended = subprocess.run(
        _words(line),
        check=False,
        capture_output=True,
        text=True,
        env=_environment(demonstration),
        timeout=120,
    )

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip()


@pytest.mark.parametrize("line", [line for line in EMKG_LINES if " serve" in line])
def test_the_service_runs_until_it_is_stopped(demonstration: Demonstration, line: str) -> None:
    with subprocess.Popen(
        _words(line), stderr=subprocess.PIPE, text=True, env=_environment(demonstration)
    ) as service:
        try:
            assert service.stderr is not None
            assert any("running on http://127.0.0.1:" in said for said in service.stderr)
            service.send_signal(signal.SIGINT)
            assert service.wait(timeout=30) in {0, -signal.SIGINT, 130}
        finally:
            service.kill()
