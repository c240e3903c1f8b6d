"""What the figures were taken on, without names."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from pathlib import Path

_DISTRIBUTIONS = ("emkg", "duckdb", "ibis-framework", "pyoxigraph", "rdflib", "owlrl")


def machine_facts() -> dict[str, str]:
    """Cores, memory, system, Python and the versions that matter; the load before anything was started."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in _DISTRIBUTIONS)
    return {
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{_memory_gb():.0f} GB",
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": versions,
        "load": load(),
    }


def load() -> str:
    """The load average of the last minute; above what we start ourselves, others work on the machine."""
    return f"{os.getloadavg()[0]:.1f}"


def _memory_gb() -> float:
    lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    total = next(line for line in lines if line.startswith("MemTotal"))
    return int(total.split()[1]) / 1024**2
