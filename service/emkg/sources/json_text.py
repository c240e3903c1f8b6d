"""JSON read value by value from a file, so that a long array need never be in memory as a whole."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, TextIO

from emkg.errors import Location, SourceError
from emkg.sources.json_items import json_decoder
from emkg.sources.json_value import NumberText

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from emkg.sources.json_value import Json

_CHUNK_CHARS = 1 << 20
_BLANK_OR_END = frozenset(("", " ", "\t", "\r", "\n"))
_BLANKS = re.compile(r"[ \t\r\n]*")
_NEXT = re.compile(r"[ \t\r\n]*,[ \t\r\n]*")


class JsonText:
    """A JSON text and a place in it; holds one piece of the file and what a value needs beyond it."""

    def __init__(self, file: TextIO, path: Path) -> None:
        self._file = file
        self._path = path
        self._decode = json_decoder().raw_decode
        self._piece = ""
        self._at = 0
        self._ended = False
        self._lines_before = 0
        self._columns_before = 0

    def peek(self) -> str:
        """The next character that is no white space; empty at the end."""
        while True:
            match = _BLANKS.match(self._piece, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._piece):
                return self._piece[self._at]
            if not self._read_on():
                return ""

    def value(self) -> Json:
        """The value that begins here.

        Raises:
            SourceError: None does; located by line and column.
        """
        if self._piece[self._at : self._at + 1] in _BLANK_OR_END:
            self.peek()
        while True:
            try:
                value, end = self._decode(self._piece, self._at)
            except json.JSONDecodeError as error:
                ahead = error.pos - self._at
                if self._read_on():
                    continue
                raise self._fault(error.msg, self._at + ahead) from None
            except RecursionError:
                raise self._fault("nested too deeply", self._at) from None
            if end == len(self._piece) and self._read_on():
                continue  # the piece may have ended within a number
            self._at = end
            found: Json = value
            return found

    def members(self) -> Iterator[str]:
        """The names of the object that begins here; whoever takes a name takes the value after it."""
        self._take("{")
        if self.peek() == "}":
            self._at += 1
            return
        while True:
            name = self.value()
            if not isinstance(name, str) or isinstance(name, NumberText):
                raise self._fault("expecting a member's name", self._at)
            self._take(":")
            yield name
            if self.peek() != ",":
                return self._take("}")
            self._at += 1

    def elements(self) -> Iterator[Json]:
        """The elements of the array that begins here."""
        self._take("[")
        if self.peek() == "]":
            self._at += 1
            return
        while True:
            yield self.value()
            # the usual case at once: a comma and the next element are in the same piece
            comma = _NEXT.match(self._piece, self._at)
            if comma and comma.end() < len(self._piece):
                self._at = comma.end()
                continue
            if self.peek() != ",":
                return self._take("]")
            self._at += 1

    def expect_end(self) -> None:
        """Nothing follows.

        Raises:
            SourceError: Something does.
        """
        if self.peek():
            raise self._fault("extra data after the document", self._at)

    def _take(self, character: str) -> None:
        if self.peek() != character:
            raise self._fault(f"expecting {character!r}", self._at)
        self._at += 1

    def _read_on(self) -> bool:
        """Read more of the file, as much again as is still needed, and let go of what was read before."""
        if self._ended:
            return False
        done, self._piece, self._at = self._piece[: self._at], self._piece[self._at :], 0
        newlines = done.count("\n")
        self._lines_before += newlines
        self._columns_before = (0 if newlines else self._columns_before) + len(done) - done.rfind("\n") - 1
        more = self._file.read(max(_CHUNK_CHARS, len(self._piece)))
        self._ended = not more
        self._piece += more
        return not self._ended

    def _fault(self, what: str, at: int) -> SourceError:
        before = self._piece[:at]
        newlines = before.count("\n")
        column = (0 if newlines else self._columns_before) + len(before) - before.rfind("\n")
        return SourceError(
            f"this is no JSON: {what}",
            message_zh="不是有效的 JSON",
            location=Location(str(self._path), self._lines_before + newlines + 1, column),
        )
