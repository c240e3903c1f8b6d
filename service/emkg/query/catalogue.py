"""The named questions that come with EMKG, read from the package's `questions/` folder."""

from __future__ import annotations

import difflib
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from emkg.errors import UnknownQuestionError
from emkg.query.question import Question, parse_question

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_SUFFIX: Final = ".rq"


def questions() -> tuple[Question, ...]:
    """All named questions, by name."""
    return tuple(_read(file) for file in _files())


def find_question(name: str) -> Question:
    """The question of this name.

    Raises:
        UnknownQuestionError: There is none; the message names the nearest.
    """
    files_by_name = {file.name.removesuffix(_SUFFIX): file for file in _files()}
    if name in files_by_name:
        return _read(files_by_name[name])
    known = sorted(files_by_name)
    nearest = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {nearest[0]}?" if nearest else f"known: {', '.join(known)}"
    hint_zh = f"是否指 {nearest[0]}？" if nearest else f"可用的问题：{'、'.join(known)}"
    raise UnknownQuestionError(
        f"there is no question {name!r}; {hint}", message_zh=f"没有名为 {name!r} 的问题；{hint_zh}"
    )


def find_part(name: str) -> Question:
    """A query that answers use as a step; it is documented like a question and not listed as one."""
    return _read(_folder() / "parts" / f"{name}{_SUFFIX}")


def all_texts() -> tuple[str, ...]:
    """The texts of all questions and parts, by file name."""
    folders = (_folder(), _folder() / "parts")
    found = [file for folder in folders for file in folder.iterdir() if file.name.endswith(_SUFFIX)]
    return tuple(file.read_text(encoding="utf-8") for file in sorted(found, key=lambda file: file.name))


def _files() -> list[Traversable]:
    found = (file for file in _folder().iterdir() if file.name.endswith(_SUFFIX))
    return sorted(found, key=lambda file: file.name)


def _folder() -> Traversable:
    return files("emkg.query") / "questions"


def _read(file: Traversable) -> Question:
    return parse_question(file.name.removesuffix(_SUFFIX), file.read_text(encoding="utf-8"))
