"""Whether HermiT finds an ontology consistent and each of its classes satisfiable.

HermiT runs under Java in a process of its own, because an unlucky set of axioms keeps it busy without end; at
the deadline the process and what it started are killed. It reads N-Triples, in the form `consistency_input`
prepares.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from emkg.reasoning import consistency_worker
from emkg.reasoning.consistency_input import for_hermit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emkg.rdf import Quad

_WORKER: Final = str(Path(consistency_worker.__file__))
_INHERITED: Final = ("HOME", "JAVA_HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "TMPDIR")


class Judgement(Enum):
    """What came of asking the reasoner; only the first two are answers."""

    CONSISTENT = "consistent"
    INCONSISTENT = "inconsistent"
    NO_EXTRA = "owlready2 is not installed"
    NO_JAVA = "there is no Java"
    TIMEOUT = "the reasoner did not end in time"
    FAILED = "the reasoner failed"


@dataclass(frozen=True)
class Consistency:
    """The reasoner's verdict.

    Attributes:
        judgement: Whether the axioms contradict each other, or why that is not known.
        unsatisfiable: IRIs of named classes that can have no instance, sorted; empty unless consistent.
        seconds: How long it took.
        detail: What the reasoner said when it failed.
    """

    judgement: Judgement
    unsatisfiable: tuple[str, ...] = ()
    seconds: float = 0.0
    detail: str = ""

    @property
    def is_judged(self) -> bool:
        """Whether there is a verdict at all."""
        return self.judgement in {Judgement.CONSISTENT, Judgement.INCONSISTENT}

    @property
    def is_consistent(self) -> bool:
        """Whether the axioms have a model; False where it is not known."""
        return self.judgement is Judgement.CONSISTENT

    @property
    def is_coherent(self) -> bool:
        """Whether every named class can have an instance; False where it is not known."""
        return self.is_consistent and not self.unsatisfiable


def judge_consistency(quads: Iterable[Quad], *, timeout_s: float = 120.0) -> Consistency:
    """HermiT's verdict on an ontology, within the time given; a missing Java or extra is a verdict too, never a pass."""
    if find_spec("owlready2") is None:
        return Consistency(Judgement.NO_EXTRA)
    if shutil.which("java") is None:
        return Consistency(Judgement.NO_JAVA)
    start = time.monotonic()
    with TemporaryDirectory(prefix="emkg-hermit-") as folder:
        file = Path(folder, "ontology.nt")
        file.write_text("".join(f"{triple}\n" for triple in for_hermit(quads)), encoding="utf-8")
        judged = _ask(file, timeout_s)
    return Consistency(judged.judgement, judged.unsatisfiable, time.monotonic() - start, judged.detail)


def _ask(file: Path, timeout_s: float) -> Consistency:
    environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    process = subprocess.Popen(  # noqa: S603 - this interpreter, our own script, a file of ours
        [sys.executable, "-I", _WORKER, str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        start_new_session=True,  # so that Java ends with it
    )
    try:
        output, errors = process.communicate(timeout=timeout_s)
    except subprocess.TimeoutExpired:
        return Consistency(Judgement.TIMEOUT)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    if process.returncode != 0:
        return Consistency(Judgement.FAILED, detail=_last_line(errors))
    answer = json.loads(output)
    judgement = Judgement.CONSISTENT if answer["consistent"] else Judgement.INCONSISTENT
    return Consistency(judgement, tuple(sorted(answer["unsatisfiable"])))


def _last_line(errors: bytes) -> str:
    lines = [line.strip() for line in errors.decode(errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else ""
