"""Templates of RML: `http://e/{reference}`, with a backslash before a brace or backslash that is meant as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.mapping.model import Reference, Template

if TYPE_CHECKING:
    from emkg.mapping.rml.graph import Resource


def parse_template(resource: Resource, text: str) -> Template:
    """The parts of a template (https://w3id.org/rml/core/spec, Template-valued Expression Map).

    Raises:
        MappingError: A brace has no partner, a reference is empty, or a backslash stands before something else.
    """
    parts: list[str | Reference] = []
    letters: list[str] = []
    inside = False
    position = 0
    while position < len(text):
        letter = text[position]
        if letter == "\\":
            position += 1
            if text[position : position + 1] not in {"{", "}", "\\"}:
                message = f"the template {text!r} has a backslash before something that needs none"
                raise resource.fault(message, f"模板 {text!r} 中的反斜杠使用有误")
            letters.append(text[position])
        elif letter in "{}":
            if (letter == "}") != inside:
                raise resource.fault(
                    f"the template {text!r} has {letter!r} without its partner",
                    f"模板 {text!r} 的花括号不配对",
                )
            _close(resource, text, parts, letters, inside=inside)
            letters = []
            inside = not inside
        else:
            letters.append(letter)
        position += 1
    if inside:
        raise resource.fault(
            f"the template {text!r} has '{{' without its partner", f"模板 {text!r} 的花括号不配对"
        )
    _close(resource, text, parts, letters, inside=False)
    return Template(tuple(parts))


def _close(
    resource: Resource, text: str, parts: list[str | Reference], letters: list[str], *, inside: bool
) -> None:
    piece = "".join(letters)
    if inside:
        if not piece:
            raise resource.fault(f"the template {text!r} has an empty reference", f"模板 {text!r} 含空引用")
        parts.append(Reference(piece))
    elif piece:
        parts.append(piece)
