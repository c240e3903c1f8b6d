"""What a lint of shapes finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ShapesFinding:
    """One fault; `sought` is a text by which to find its line in the file."""

    message: str
    message_zh: str
    sought: str
