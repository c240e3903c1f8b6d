from pathlib import Path

import pytest

from emkg.errors import SettingsError
from emkg.settings import find_workspace, load_settings


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "emkg.toml").write_text(
        '[query]\ntimeout_s = 5\n[city]\nname_zh = "某市"\n', encoding="utf-8"
    )
    return tmp_path


def test_the_file_overrides_the_defaults(workspace: Path) -> None:
    settings = load_settings(workspace)

    assert settings.query.timeout_s == 5
    assert settings.query.max_rows == 100_000
    assert settings.city.name_zh == "某市"


def test_the_environment_wins_over_the_file_and_keeps_its_other_keys(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMKG_QUERY__TIMEOUT_S", "7")

    settings = load_settings(workspace)

    assert settings.query.timeout_s == 7
    assert settings.city.name_zh == "某市"


def test_a_mistyped_variable_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMKG_QUERY__TIMEOUT", "7")

    with pytest.raises(SettingsError, match="EMKG_QUERY__TIMEOUT is not a setting"):
        load_settings(None)


def test_a_mistyped_key_is_refused_with_its_file(workspace: Path) -> None:
    (workspace / "emkg.toml").write_text("[query]\ntimeout = 5\n", encoding="utf-8")

    with pytest.raises(SettingsError, match=r"emkg\.toml: query\.timeout"):
        load_settings(workspace)


def test_a_file_that_does_not_parse_is_refused(workspace: Path) -> None:
    (workspace / "emkg.toml").write_text("[query", encoding="utf-8")

    with pytest.raises(SettingsError, match=r"emkg\.toml"):
        load_settings(workspace)


def test_the_workspace_is_the_named_folder_then_the_variable_then_here(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.chdir(elsewhere)

    assert find_workspace() is None
    assert find_workspace(workspace) == workspace.resolve()
    monkeypatch.setenv("EMKG_WORKSPACE", str(workspace))
    assert find_workspace() == workspace.resolve()
    monkeypatch.delenv("EMKG_WORKSPACE")
    monkeypatch.chdir(workspace)
    assert find_workspace() == workspace


def test_a_folder_without_its_file_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="emkg init"):
        find_workspace(tmp_path)
