"""One run in a process of its own: how long it took, what it needed, what it says of itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

Fact: TypeAlias = str | int | float
_TESTS = Path(__file__).parent.parent


class RunFailedError(Exception):
    """A run ended with something else than 0; the message is the end of what it said."""


@dataclass(frozen=True)
class Command:
    """What to start; the run's last line of output may be a JSON object of facts, `seconds` among them."""

    arguments: tuple[str, ...]
    folder: Path


@dataclass(frozen=True)
class Run:
    """What one process took.

    Attributes:
        process_s: From its start to its end, interpreter and imports included.
        work_s: What the run itself timed; the whole process where it timed nothing.
        cpu_s: Processor seconds of all of it and its children; on a busy machine steadier than what the clock says.
        peak_mb: The largest resident memory of it or of any one of its children (getrusage), not their sum.
        facts: What it counted.
    """

    process_s: float
    work_s: float
    cpu_s: float
    peak_mb: float
    facts: Mapping[str, Fact]


def job(name: str, *arguments: object, folder: Path) -> Command:
    """A job of `bench.job`, run by this interpreter."""
    return module("bench.job", name, *arguments, folder=folder)


def module(name: str, *arguments: object, folder: Path) -> Command:
    """A module of `bench`, run by this interpreter."""
    return Command((sys.executable, "-m", name, *map(str, arguments)), folder)


def run(command: Command) -> Run:
    """Start the command and wait for it.

    Raises:
        RunFailedError: It failed.
    """
    log = command.folder / "run.log"
    environment = {**os.environ, "PYTHONPATH": str(_TESTS)}
    with log.open("wb") as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            command.arguments, cwd=command.folder, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    text = log.read_text(encoding="utf-8", errors="replace")
    if process.returncode:
        raise RunFailedError(f"{' '.join(command.arguments)}\n{text[-1500:]}")
    facts = _facts(text)
    work = float(facts.pop("seconds", seconds))
    return Run(seconds, work, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, facts)


def _facts(text: str) -> dict[str, Fact]:
    last = text.rstrip().rpartition("\n")[2]
    if not last.startswith("{"):
        return {}
    return {str(name): value for name, value in json.loads(last).items()}
