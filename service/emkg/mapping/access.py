"""Where a source is, as a mapping of either language writes it: a file beside it, one in the data folder, a URL."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

_DATA: Final = "data:"
_FETCHED: Final = ("http", "https")


class Access(NamedTuple):
    """A file, or a URL and the name that its file will have."""

    path: Path
    url: str = ""


def resolve_access(
    text: str, directory: Path, data_root: Path | None, fault: Callable[[str, str], Exception]
) -> Access:
    """Where a source is.

    Args:
        text: As the mapping has it.
        directory: What relative paths are relative to.
        data_root: What paths that begin with `data:` are relative to.
        fault: Makes the error of a message in English and Chinese, at the text's place.

    Raises:
        MappingError: Made by `fault`: it is another kind of URL, or there is no data folder.
    """
    if "://" in text:
        parts = urlsplit(text)
        if parts.scheme.lower() not in _FETCHED or not parts.hostname:
            raise fault(
                f"{text}: only files and http(s) URLs can be read", f"{text}：只能读取文件与 http(s) 网址"
            )
        if parts.username or parts.password:
            raise fault(
                f"a URL of {parts.hostname} with a user in it: a mapping holds no secrets; fetch it into a file first",
                f"{parts.hostname} 的网址含有用户信息：映射中不得保存密码；请先下载为文件",
            )
        return Access(Path(Path(parts.path).name or parts.hostname), text)
    if not text.startswith(_DATA):
        return Access((directory / text).resolve())
    if data_root is None:
        raise fault(
            f"{text!r} is relative to the data folder, and none was given; say which one",
            f"{text!r} 相对于数据目录，但未指定数据目录",
        )
    return Access((data_root / text.removeprefix(_DATA)).resolve())
