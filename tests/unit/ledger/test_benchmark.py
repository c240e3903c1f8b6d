from __future__ import annotations

import sys

from emkg.ledger import __main__ as bench


def test_the_figures_are_printed(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["emkg.ledger", "5000"])
    bench.main()
    assert "load_m_per_s" in capsys.readouterr().out
