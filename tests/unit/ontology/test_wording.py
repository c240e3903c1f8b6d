"""A wording falls into tokens and designations: levels, governments, topics, roles, joint words, private classes."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emkg.content import content_root
from emkg.ontology.office.designation import designations
from emkg.ontology.office.lexicon import read_lexicon, read_topics
from emkg.ontology.office.wording import DesignationKind, Token, TokenKind, parse_wording, tokenise

if TYPE_CHECKING:
    from emkg.ontology.office.wording import Designation, Lexicon

REFERENCE = content_root() / "ontology" / "reference"
LEXICON = read_lexicon(REFERENCE / "wording")
COUNTY_UP = {"national", "province", "city", "county"}
LOCAL = {"province", "city", "county", "township"}
words = st.sampled_from(sorted(LEXICON.words))
texts = st.lists(st.one_of(words, st.text(max_size=3)), max_size=8).map("".join)


@pytest.fixture
def lexicon() -> Lexicon:
    return LEXICON


def _named(text: str) -> list[Designation]:
    return list(designations(parse_wording(text, LEXICON)))


def _read(text: str) -> list[tuple[str, str, set[str]]]:
    return [(part.kind.value, part.subject, set(part.levels)) for part in _named(text)]


@given(texts)
def test_the_tokens_put_together_are_the_wording(text: str) -> None:
    assert "".join(token.text for token in tokenise(text, LEXICON)) == text


@given(texts)
def test_the_segments_keep_every_word_but_joints_and_brackets(text: str) -> None:
    wording = parse_wording(text, LEXICON)

    dropped = {TokenKind.JOINT, TokenKind.ETC, TokenKind.NOTE}
    kept = [token for token in wording.tokens if token.kind not in dropped]
    assert [token for segment in wording.segments for token in segment.tokens] == kept


@given(texts)
def test_every_part_of_any_text_is_read_or_says_that_it_is_not(text: str) -> None:
    assert bool(_named(text)) is bool(text)
    for part in _named(text):
        assert part.text
        assert part.subject or part.kind is DesignationKind.GOVERNMENT


def test_every_wording_of_the_duties_names_someone_or_says_why_not() -> None:
    with (REFERENCE / "duties.csv").open(encoding="utf-8", newline="") as file:
        duties = list(csv.DictReader(file))
    wordings = {w for duty in duties for w in f"{duty['bearers']};{duty['receiver']}".split(";") if w}

    assert wordings
    assert [word for word in wordings if not _named(word)] == []


def test_the_longest_word_wins(lexicon: Lexicon) -> None:
    assert tokenise("市市场监管", lexicon) == (
        Token("市", TokenKind.LEVEL, ("city",)),
        Token("市场监管", TokenKind.TOPIC, ("market",)),
    )


def test_topics_share_the_head_behind_them() -> None:
    assert _read("生态环境、卫生健康、教育等有关部门") == [
        ("department", "ecology", set()),
        ("department", "health", set()),
        ("department", "education", set()),
        ("role", "by-matter", set()),
    ]


def test_a_level_and_a_government_before_a_topic_say_where_the_department_is() -> None:
    assert _read("县级以上人民政府气象主管机构") == [("department", "meteorology", COUNTY_UP)]


def test_the_level_of_the_first_department_holds_for_the_next() -> None:
    assert _read("国务院卫生健康主管部门会同国务院有关部门") == [
        ("department", "health", {"national"}),
        ("role", "by-matter", {"national"}),
    ]
    assert _read("省级人民政府卫生健康主管部门、疾病预防控制部门")[1][2] == {"province"}


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("省、自治区、直辖市人民政府", {"province"}),
        ("国务院和省、自治区、直辖市人民政府", {"national", "province"}),
        ("地震灾区的县级以上地方人民政府", {"province", "city", "county"}),
        ("山洪多发区县级以上地方人民政府", {"province", "city", "county"}),
        ("自然灾害多发、易发地区的县级人民政府", {"county"}),
        ("当地人民政府", LOCAL),
        ("上海市", {"city"}),
    ],
)
def test_a_government_has_the_levels_that_are_listed(text: str, levels: set[str]) -> None:
    assert _read(text) == [("government", "", levels)]


def test_levels_that_are_joined_belong_to_one_department() -> None:
    assert _read("市或者区生态环境部门") == [("department", "ecology", {"city", "county"})]
    assert _read("国务院、省级环境保护主管部门") == [
        ("department", "environment-protection", {"national", "province"})
    ]


def test_a_government_and_its_departments_are_two() -> None:
    assert [part[0] for part in _read("国务院及其有关部门")] == ["government", "role"]


def test_above_and_below_are_relations_not_levels() -> None:
    (government,) = _named("上一级人民政府")

    assert (government.levels, government.relation) == (frozenset(), "above")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("有关部门", "by-matter"),
        ("国务院授权的部门", "by-appointment"),
        ("接到举报的部门", "by-relation"),
        ("规划编制机关", "by-relation"),
        ("国家核事故应急协调委员会成员单位", "by-membership"),
        ("军队生态环境保护部门", "no-body-listed"),
        ("其他负有安全生产监督管理职责的部门", "by-matter"),
    ],
)
def test_a_role_says_how_it_is_settled(text: str, why: str) -> None:
    assert [part[:2] for part in _read(text)] == [("role", why)]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("生产、储存危险化学品的企业", "enterprise-class"),
        ("铁路、公路、民航、通信、供电、供排水、燃气单位", "enterprise-class"),
        ("有关单位和个人", "any-person"),
        ("医疗机构", "institution-class"),
        ("危险化学品登记机构", "institution-class"),
        ("事故现场有关人员", "person"),
        ("安全生产监督管理部门负责人", "official"),
    ],
)
def test_enterprises_institutions_and_persons_are_private_classes(text: str, named: str) -> None:
    assert {part[:2] for part in _read(text)} <= {("private", named), ("private", "any-person")}
    assert ("private", named) in {part[:2] for part in _read(text)}


def test_words_that_the_grammar_does_not_know_stay_unread() -> None:
    (part,) = _named("一线")

    assert (part.kind, part.text) == (DesignationKind.UNREAD, "一线")


def test_every_topic_word_has_its_topic_in_the_table() -> None:
    topics = read_topics(REFERENCE / "wording")

    named = [t.values[0] for t in LEXICON.words.values() if t.kind in {TokenKind.TOPIC, TokenKind.NAME}]
    assert set(named) <= set(topics)
