from pathlib import Path

import pytest

from emkg import content
from emkg.errors import EmkgError, Location, SettingsError


def test_the_checkout_is_read_where_there_is_one(checkout: Path) -> None:
    assert content.content_root() == checkout


def test_an_installed_package_reads_its_own_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages" / "emkg"
    (package / "_content").mkdir(parents=True)
    monkeypatch.setattr(content, "_PACKAGE", package)

    assert content.content_root() == package / "_content"


def test_a_broken_installation_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "_PACKAGE", tmp_path / "a" / "b")

    with pytest.raises(SettingsError, match="reinstall"):
        content.content_root()


def test_an_error_is_printed_as_a_compiler_would() -> None:
    error = EmkgError("em:emergencyPhase is not a term", location=Location("m.yml", 41, 9))

    assert str(error) == "m.yml:41:9: em:emergencyPhase is not a term"


def test_a_data_location_names_row_and_column() -> None:
    assert str(Location("a.csv", row=7, field="日期")) == "a.csv row 7 column 日期"


def test_every_error_has_its_own_slug_and_both_titles() -> None:
    def below(root: type[EmkgError]) -> list[type[EmkgError]]:
        return [root, *(each for child in root.__subclasses__() for each in below(child))]

    errors = below(EmkgError)

    assert len({error.slug for error in errors}) == len(errors)
    assert all(error.title and error.title_zh and 400 <= error.status <= 599 for error in errors)
