"""What a command says, in the reader's language, on a terminal or in a pipe."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.console import Console as RichConsole

if TYPE_CHECKING:
    from rich.table import Table

    from emkg.errors import EmkgError

_PIPE_WIDTH: Final = 120


def language_of_locale() -> str:
    """`zh` or `en`: EMKG_LANG first, then LC_ALL, LC_MESSAGES, LANG as POSIX ranks them."""
    for name in ("EMKG_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def error_text(error: EmkgError) -> str:
    """What an error says, with its place; in Chinese first where that is the reader's language."""
    in_chinese = error.message_zh if language_of_locale() == "zh" else ""
    return f"{in_chinese}\n{error}" if in_chinese else str(error)


@dataclass(frozen=True)
class Console:
    """Standard output for answers, standard error for what happens meanwhile."""

    language: str
    out: RichConsole
    err: RichConsole

    @classmethod
    def for_process(cls) -> Console:
        """The console of this process; colours only on a terminal (and never with NO_COLOR)."""
        width = None if sys.stdout.isatty() else _PIPE_WIDTH
        return cls(
            language_of_locale(),
            RichConsole(file=sys.stdout, soft_wrap=True, highlight=False, width=width),
            RichConsole(file=sys.stderr, soft_wrap=True, highlight=False),
        )

    def pick(self, zh: str, en: str) -> str:
        """The text in the reader's language."""
        return zh if self.language == "zh" else en

    def say(self, zh: str, en: str) -> None:
        """One line of the answer."""
        self.out.print(self.pick(zh, en), markup=False)

    def note(self, zh: str, en: str) -> None:
        """One line about what is happening, beside the answer."""
        self.err.print(self.pick(zh, en), markup=False)

    def text(self, text: str) -> None:
        """Text as it is, without a line's end of its own."""
        self.out.out(text, end="")

    def table(self, table: Table) -> None:
        """A table as wide as the terminal (in a pipe: 120 columns); cells wrap, nothing is cut off."""
        self.out.print(table, soft_wrap=False)

    def json(self, value: object) -> None:
        """A value as indented JSON, Chinese as it is."""
        self.out.out(json.dumps(value, ensure_ascii=False, indent=2, default=str))
