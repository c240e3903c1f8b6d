"""Where ontology/, mappings/ and shapes/ are: the checkout's folders, or the copy inside an installed wheel."""

from __future__ import annotations

from pathlib import Path

from emkg.errors import SettingsError

_PACKAGE = Path(__file__).resolve().parent


def content_root() -> Path:
    """The folder that holds ontology/, mappings/ and shapes/.

    A checkout wins over a packaged copy: an editable install leaves a stale `_content` behind.

    Raises:
        SettingsError: Neither is there, so the installation is broken.
    """
    checkout = _PACKAGE.parent.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "ontology").is_dir():
        return checkout
    packaged = _PACKAGE / "_content"
    if packaged.is_dir():
        return packaged
    raise SettingsError(
        f"neither {checkout / 'ontology'} nor {packaged} exists; reinstall the emkg package",
        message_zh="找不到 ontology/、mappings/、shapes/，请重新安装 emkg",
    )
