"""The current generation, known without asking the file, and the lock of whoever changes it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field


@dataclass
class Head:
    """Shared by a ledger and what is staged in it; `generation` changes after a commit, under the lock."""

    generation: int
    lock: threading.Lock = field(default_factory=threading.Lock)
