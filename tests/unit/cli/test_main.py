from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING

import pytest

from emkg.cli.main import COMMANDS

if TYPE_CHECKING:
    from tests.unit.cli.conftest import Emkg


def test_help_lists_every_command_with_what_it_does(emkg: Emkg) -> None:
    helped = emkg("--help")

    assert helped.code == 0
    for name, (_, text) in COMMANDS.items():
        assert any(line.split()[:1] == [name] and text in line for line in helped.out.splitlines())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_of_its_own(emkg: Emkg, command: str) -> None:
    helped = emkg(command, "--help")

    assert helped.code == 0
    assert f"emkg {command}" in helped.out.splitlines()[0]


def test_the_version_is_the_installed_one(emkg: Emkg) -> None:
    assert metadata.version("emkg") in emkg("--version").out


def test_a_command_that_is_not_there_is_a_usage_error(emkg: Emkg) -> None:
    ended = emkg("demonstrate")

    assert ended.code == 2
    assert "demonstrate" in ended.err


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"EMKG_LANG": "zh", "LC_ALL": "C.UTF-8"}, "zh"),
        ({}, "en"),
    ],
)
def test_the_language_is_the_locales_unless_said(
    emkg: Emkg, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], language: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    listed = emkg("ask", language=variables.get("EMKG_LANG", ""))

    assert ("谁必须行动" in listed.out) == (language == "zh")


def test_a_mistyped_variable_is_refused(emkg: Emkg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMKG_QUERY__TIMEOUT", "5")

    english, chinese = emkg("ask", "who-must-act"), emkg("ask", "who-must-act", language="zh")

    assert (english.code, chinese.code) == (1, 1)
    assert "EMKG_QUERY__TIMEOUT is not a setting" in english.err
    assert chinese.err.startswith("环境变量 EMKG_QUERY__TIMEOUT 不是已知设置")
