"""A YAML document as nodes that know their line and column, with the checks every part of YARRRML needs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from emkg.errors import Location, MappingError
from emkg.sources.suggestion import did_you_mean, did_you_mean_zh

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_MERGE = "tag:yaml.org,2002:merge"
_NULL = "tag:yaml.org,2002:null"
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_WHOLE_NUMBER = re.compile("[0-9]{1,9}")
_MAX_DEPTH = 60
_MAX_NODES = 1_000_000  # aliases counted as often as they stand: a few lines of them can mean billions


@dataclass(frozen=True)
class Node:
    """One YAML node and the file it stands in."""

    raw: yaml.Node
    file: str

    @property
    def location(self) -> Location:
        """File, line and column of its first character."""
        mark = self.raw.start_mark
        return Location(self.file, mark.line + 1, mark.column + 1)

    @property
    def is_map(self) -> bool:
        """Whether it is a mapping of keys to nodes."""
        return isinstance(self.raw, yaml.MappingNode)

    @property
    def is_list(self) -> bool:
        """Whether it is a sequence."""
        return isinstance(self.raw, yaml.SequenceNode)

    @property
    def is_null(self) -> bool:
        """Whether nothing, `~` or `null` stands here."""
        return self.raw.tag == _NULL

    def fault(self, message: str, message_zh: str = "") -> MappingError:
        """The error to raise for what stands here."""
        return MappingError(message, message_zh=message_zh, location=self.location)

    def text(self, what: str) -> str:
        """The scalar as written; `what` names it in the error for anything else."""
        if not isinstance(self.raw, yaml.ScalarNode) or self.is_null:
            kind = "nothing" if self.is_null else "a list" if self.is_list else "a map"
            raise self.fault(f"{what} must be text, and {kind} stands here", f"{what} 应为文本")
        if _NO_TEXT.search(self.raw.value):
            message = f"{what} holds a null character or half of a surrogate pair, which no text may hold"
            raise self.fault(message, f"{what} 含有空字符或不完整的代理对字符")
        return str(self.raw.value)

    def whole_number(self, what: str, least: int) -> int:
        """The scalar as a whole number of at least `least`."""
        text = self.text(what)
        if not _WHOLE_NUMBER.fullmatch(text) or int(text) < least:
            raise self.fault(
                f"{what} must be a whole number from {least} on, not {text!r}",
                f"{what} 应为不小于 {least} 的整数",
            )
        return int(text)

    def items(self) -> list[Node]:
        """The members of a list; anything else counts as a list of itself, nothing as an empty one."""
        if isinstance(self.raw, yaml.SequenceNode):
            return [Node(item, self.file) for item in self.raw.value]
        return [] if self.is_null else [self]

    def pairs(self, what: str) -> list[tuple[Node, Node]]:
        """Keys and values of a map whose keys are free names; a name may stand only once."""
        if not isinstance(self.raw, yaml.MappingNode):
            raise self.fault(f"{what} must be a map of names (`name: …`)", f"{what} 应为键值映射")
        found: dict[str, tuple[Node, Node]] = {}
        for key, value in self._merged(self.raw):
            name = key.text(f"a name in {what}")
            if name in found:
                first = found[name][0].location.line
                raise key.fault(
                    f"{name!r} stands twice in {what}; first on line {first}", f"{what} 中“{name}”重复"
                )
            found[name] = (key, value)
        return list(found.values())

    def fields(self, what: str, names: Mapping[str, tuple[str, ...]]) -> dict[str, Node]:
        """Values by canonical key.

        Args:
            what: What the map is, for errors.
            names: Each canonical key with its shortcuts.

        Raises:
            MappingError: A key is unknown (with what may have been meant), or stands twice.
        """
        canonical = {alias: name for name, aliases in names.items() for alias in (name, *aliases)}
        found: dict[str, Node] = {}
        for key, value in self.pairs(what):
            text = key.text("a key")
            name = canonical.get(text)
            if name is None:
                known = ", ".join(names)
                message = f"{what} has no key {text!r}{did_you_mean(text, canonical) or f'; known: {known}'}"
                raise key.fault(
                    message, f"{what} 没有键“{text}”{did_you_mean_zh(text, canonical) or f'；可用：{known}'}"
                )
            if name in found:
                raise key.fault(f"{what} has {name!r} twice, once by its shortcut", f"{what} 的“{name}”重复")
            found[name] = value
        return found

    def _merged(self, raw: yaml.MappingNode) -> Iterator[tuple[Node, Node]]:
        own = [
            (Node(key, self.file), Node(value, self.file)) for key, value in raw.value if key.tag != _MERGE
        ]
        names = {key.text("a key") for key, _ in own}
        yield from own
        for key, value in raw.value:
            if key.tag == _MERGE:  # `<<: *anchor`: the map's own keys win, then the earlier map's
                for source in Node(value, self.file).items():
                    merged = [pair for pair in source.pairs("a merged map") if pair[0].raw.value not in names]
                    names.update(key.raw.value for key, _ in merged)
                    yield from merged


class _TooDeepError(Exception):
    def __init__(self, mark: yaml.Mark) -> None:
        super().__init__()
        self.line, self.column = mark.line + 1, mark.column + 1


class _Loader(yaml.SafeLoader):
    """Stops at the first node that is nested too deeply, rather than read on for seconds."""

    _depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self._depth > _MAX_DEPTH:
            raise _TooDeepError(self.peek_event().start_mark)  # type: ignore[no-untyped-call]  # PyYAML has no types
        self._depth += 1
        node: yaml.Node | None = super().compose_node(parent, index)
        self._depth -= 1
        return node


def read_document(path: Path) -> Node:
    """The root node of a YAML file.

    Raises:
        MappingError: The file is missing, empty, not UTF-8 or not YAML; located where the reader stopped.
    """
    file = str(path)
    try:
        root = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=_Loader)
    except OSError as error:
        raise MappingError(
            f"cannot be read: {error.strerror}", message_zh="无法读取映射文件", location=Location(file)
        ) from error
    except UnicodeDecodeError as error:
        raise MappingError(
            "is not UTF-8 text", message_zh="不是 UTF-8 文本", location=Location(file)
        ) from error
    except _TooDeepError as error:
        raise _too_deep(Location(file, error.line, error.column)) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Location(file, mark.line + 1, mark.column + 1) if mark else Location(file)
        raise MappingError(
            f"not YAML: {error.problem}", message_zh="YAML 语法有误", location=place
        ) from error
    except yaml.YAMLError as error:
        raise MappingError(
            f"not YAML: {error}", message_zh="YAML 语法有误", location=Location(file)
        ) from error
    if root is None:
        raise MappingError("the file is empty", message_zh="文件为空", location=Location(file, 1, 1))
    _check_size(Node(root, file), 0, {})
    return Node(root, file)


def _check_size(node: Node, depth: int, known: dict[int, int]) -> int:
    """How many nodes the node means, aliases resolved; `known` holds the answers by node.

    Raises:
        MappingError: It is too deep (or holds itself), or means too many.
    """
    if depth > _MAX_DEPTH:
        raise _too_deep(node.location)
    if not isinstance(node.raw, yaml.CollectionNode):
        return 1
    if id(node.raw) not in known:
        children = node.raw.value if node.is_list else [part for pair in node.raw.value for part in pair]
        known[id(node.raw)] = 1 + sum(
            _check_size(Node(child, node.file), depth + 1, known) for child in children
        )
    if known[id(node.raw)] > _MAX_NODES:
        raise node.fault("its aliases make this too large to be a mapping", "别名展开后过大，不是合理的映射")
    return known[id(node.raw)]


def _too_deep(location: Location) -> MappingError:
    return MappingError(
        f"nested more than {_MAX_DEPTH} levels deep, or within itself by an alias",
        message_zh=f"嵌套超过 {_MAX_DEPTH} 层，或经别名包含自身",
        location=location,
    )
