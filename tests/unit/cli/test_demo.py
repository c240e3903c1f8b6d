from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Demonstration
    from tests.unit.cli.conftest import Emkg


@pytest.fixture(autouse=True)
def asked(demonstration: Demonstration, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the command asked for; the session's story answers, so that nothing runs again."""
    words: dict[str, Any] = {}

    def run(root: Path | None, **options: Any) -> object:
        words.update(options, root=root)
        return demonstration.story

    monkeypatch.setattr("emkg.cli.demo.run_demonstration", run)
    return words


def test_json_is_the_story_as_data(emkg: Emkg, demonstration: Demonstration) -> None:
    shown = emkg("demo", "--json")

    document = json.loads(shown.out)
    assert shown.code == 0
    assert document == json.loads(json.dumps(demonstration.story.document(), default=str))
    assert document["generated"] is True


def test_scale_and_folder_are_handed_on(emkg: Emkg, tmp_path: Path, asked: dict[str, Any]) -> None:
    emkg("demo", "--scale", "3", "--directory", tmp_path, "--json")

    assert (asked["scale"], asked["root"]) == (3, tmp_path)
    assert emkg("demo", "--scale", "0").code == 2


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            "en",
            (
                "generated data",
                "1  The departments' rows became statements",
                "2  Quarantine: 20 values",
                "3  The gate (SHACL)",
                "art. 261, 263",
                "5 are needed",
                "6  Coordination form of each pair",
                "EMKG advises; it never issues an order.",
            ),
        ),
        (
            "zh",
            (
                "生成的数据",
                "一、各部门的数据成为陈述",
                "二、隔离区：20 个值",
                "三、闸门（SHACL）",
                "第261、263条",
                "至少需要 5 位",
                "六、两两之间的协调形态",
                "EMKG 只提供参考，不下达命令。",
            ),
        ),
    ],
)
def test_the_screen_tells_the_whole_way(emkg: Emkg, language: str, texts: tuple[str, ...]) -> None:
    shown = emkg("demo", language=language)

    assert shown.code == 0
    assert [text for text in texts if text not in shown.out] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_screen_names_every_department_drawn_in(
    emkg: Emkg, demonstration: Demonstration, language: str
) -> None:
    story = demonstration.story
    names = [one.label_zh if language == "zh" else one.label_en for one in story.involved[story.as_of]]

    shown = emkg("demo", language=language)

    beginnings = [
        name[:12].rpartition(" ")[0] or name[:8] for name in names
    ]  # a long name is folded in its cell
    lines = shown.out.splitlines()
    assert len(names) >= 7
    assert [one for one in beginnings if not any(line.startswith(one) for line in lines)] == []


def test_the_screen_ends_with_commands_that_go_on_from_there(
    emkg: Emkg, demonstration: Demonstration
) -> None:
    shown = emkg("demo")

    subject, predicate, duty = demonstration.story.statement
    assert f"emkg why '{subject}' {predicate} '{duty}'" in shown.out
    assert "emkg serve" in shown.out
