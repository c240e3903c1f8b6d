from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from emkg.ledger import benchmark as bench

if TYPE_CHECKING:
    import pytest


def test_the_figures_are_printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["benchmark", "5000"])
    bench.main()
    assert "load_m_per_s" in capsys.readouterr().out
