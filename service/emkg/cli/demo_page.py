"""The demonstration's screen, for a city official: Chinese or English."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from rich.rule import Rule
from rich.table import Table

from emkg.demonstration.story import BEFORE_THE_CODE, UNDER_THE_CODE

if TYPE_CHECKING:
    from datetime import date

    from emkg.cli.console import Console
    from emkg.demonstration import Involvement, Story
    from emkg.query import Row

_DEPARTMENTS: Final = {
    "environment": ("生态环境", "Environment", "CSV, GB18030"),
    "weather": ("气象", "Weather", "CAP 1.2 XML"),
    "health": ("卫生健康", "Health", "SQLite, ICD-10"),
    "police": ("公安交通", "Police, traffic", "JSON, GCJ-02; CSV"),
    "education": ("教育", "Education", "XLSX"),
    "economy": ("经济信息", "Economy", "JSON Lines"),
    "city": ("机构登记", "City register", "CSV"),
}
_ARTICLES_SHOWN: Final = 3


def show(story: Story, console: Console) -> None:
    """Rows to statements, what was withheld, what the gate found, the haze case, how to look further."""
    end = story.as_of + timedelta(days=6)
    console.say(
        f"示范市（生成的数据）严重雾霾周 {story.as_of} 至 {end}",
        f"The demonstration city (generated data), a week of severe haze, {story.as_of} to {end}",
    )
    _ingest(story, console)
    _quarantine(story, console)
    _gate(story, console)
    _who(story, console)
    _leaders(story, console)
    _coordination(story, console)
    _further(story, console)


def _section(console: Console, zh: str, en: str) -> None:
    console.out.print()
    console.out.print(Rule(console.pick(zh, en), align="left", characters="─"), soft_wrap=False)


def _table(*heads: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for head in heads:
        table.add_column(head, overflow="fold")
    return table


def _ingest(story: Story, console: Console) -> None:
    _section(console, "一、各部门的数据成为陈述", "1  The departments' rows became statements")
    pick = console.pick
    table = _table(
        pick("部门", "Department"),
        pick("来源", "Source"),
        pick("行", "Rows"),
        pick("陈述", "Statements"),
        pick("隔离", "Quarantined"),
        pick("闸门", "Gate"),
    )
    for name, reports in story.departments():
        zh, en, source = _DEPARTMENTS[name]
        held = sum(sum(one.quarantined.values()) for one in reports)
        found = Counter[str]()
        for one in reports:
            found.update(one.severities)
        gate = " ".join(f"{pick(*_SEVERITIES[kind])} {count}" for kind, count in sorted(found.items()))
        rows, statements = sum(one.rows for one in reports), sum(one.statements for one in reports)
        table.add_row(pick(zh, en), source, str(rows), str(statements), str(held), gate)
    console.table(table)
    reference = story.report.department("reference")
    law = sum(one.statements for one in reference)
    acts = sum(one.rows for one in reference if one.dataset == "reference/acts")
    inferred = sum(one.derived for one in story.report.inferred)
    console.say(
        f"法律参考数据 {law} 条陈述（{acts} 部法规版本）；本次新推出 {inferred} 条。"
        if inferred
        else f"法律参考数据 {law} 条陈述（{acts} 部法规版本）；推理结果自上次以来未变。",
        f"Legal reference data: {law} statements of {acts} act versions; {inferred or 'nothing new'} inferred this time.",
    )


_SEVERITIES: Final = {
    "Violation": ("违反", "violations"),
    "Warning": ("警告", "warnings"),
    "Info": ("提示", "notes"),
}


def _quarantine(story: Story, console: Console) -> None:
    values = [one for one in story.quarantine if one["reason"] != "shacl"]
    _section(
        console,
        f"二、隔离区：{len(values)} 个值读不懂，等待处理（每种原因一例）",
        f"2  Quarantine: {len(values)} values could not be understood and wait (one of each kind)",
    )
    pick = console.pick
    table = _table(
        pick("文件", "File"),
        pick("行", "Row"),
        pick("列", "Column"),
        pick("原因", "Reason"),
        pick("映射", "Mapping"),
    )
    first = {str(one["reason"]): one for one in reversed(values)}
    for one in sorted(first.values(), key=lambda each: str(each["reason"])):
        mapping = "/".join(str(one["mapping"]).rsplit("/", 2)[-2:])
        table.add_row(
            str(one["file"]),
            str(one["row"]),
            str(one["column"]),
            str(one[pick("message_zh", "message")]),
            mapping,
        )
    console.table(table)


def _gate(story: Story, console: Console) -> None:
    _section(
        console,
        "三、闸门（SHACL）：违反者不入库",
        "3  The gate (SHACL): what violates is not let in",
    )
    messages: Counter[tuple[str, str]] = Counter()
    for one in story.report.datasets:
        for finding in one.findings:
            text = finding.messages.get(console.language) or next(iter(finding.messages.values()), "")
            messages[one.department, text] += 1
    for (department, text), count in sorted(messages.items()):
        name = console.pick(*_DEPARTMENTS[department][:2])
        console.say(f"  {count} × {name}：{text}", f"  {count} x {name}: {text}")


def _who(story: Story, console: Console) -> None:
    involved = story.involved
    _section(
        console,
        f"四、霾：牵涉 {len(involved[story.as_of])} 个部门，谁必须行动、依据哪一条",
        f"4  Haze: {len(involved[story.as_of])} departments are drawn in; who must act, under which article",
    )
    pick = console.pick
    days = (BEFORE_THE_CODE, UNDER_THE_CODE)
    table = _table(
        pick("部门", "Department"),
        pick("经由", "Through"),
        *(f"{pick('截至', 'As of')} {day}" for day in days),
    )
    for one in involved[story.as_of]:
        table.add_row(
            pick(one.label_zh, one.label_en),
            _through(one, console),
            *(_articles(story, day, one.body, console) for day in days),
        )
    console.table(table)
    notes = {note.text.zh: note for day in days for note in story.duties[day].notes}
    for note in notes.values():
        console.say(f"注：{note.text.zh}", f"Note: {note.text.en}")
    console.say(
        f"⚠ 所依据的上位法当日已废止。事件当日（{story.as_of}）共 {_count(story, 'duty')} 项职责适用，涉及 {_count(story, 'body')} 个机构。",
        f"⚠ rests on law repealed by that date. On the event's date ({story.as_of}) {_count(story, 'duty')} duties apply, to {_count(story, 'body')} bodies.",
    )


def _count(story: Story, column: str) -> int:
    return len({row[column] for row in story.duties[story.as_of].rows if row[column] is not None})


def _through(one: Involvement, console: Console) -> str:
    if any(row["reason"] == "own-duty" for row in one.rows):
        first = console.pick("霾本身的职责", "duties for haze itself")
    else:
        first = ""
    label = f"label_{console.language}"
    own = [str(link[label]) for row in one.chains for link in _links(row) if "霾" in str(link["label_zh"])]
    return "; ".join(dict.fromkeys(filter(None, (first, *own[:2]))))


def _links(row: Row) -> tuple[Row, ...]:
    chain = row["chain"]
    return tuple(link for link in chain if isinstance(link, dict)) if isinstance(chain, tuple) else ()


def _articles(story: Story, day: date, body: str, console: Console) -> str:
    one = next((each for each in story.involved[day] if each.body == body), None)
    if one is None:
        return console.pick("未见", "none found")
    nearest = [row for row in one.articles if one.distance(row) == one.closeness]
    by_act: dict[str, list[str]] = defaultdict(list)
    for row in nearest:
        title = str(row[f"act_label_{console.language}"]).removeprefix("中华人民共和国")
        flag = " ⚠" if row["on_repealed_ground"] else ""
        by_act[f"{title}{flag}"].append(str(row["article_number"]))
    return "\n".join(
        f"{act} {console.pick('第', 'art.')}{'' if console.language == 'zh' else ' '}{'、'.join(sorted(numbers, key=int)) if console.language == 'zh' else ', '.join(sorted(numbers, key=int))}{console.pick('条', '')}"
        for act, numbers in list(by_act.items())[:_ARTICLES_SHOWN]
    )


def _leaders(story: Story, console: Console) -> None:
    _section(console, "五、分管：一位副职够吗", "5  Portfolios: is one deputy enough")
    for note in story.portfolio.notes:
        console.say(f"  {note.text.zh}", f"  {note.text.en}")


def _coordination(story: Story, console: Console) -> None:
    _section(
        console,
        f"六、两两之间的协调形态（{story.as_of}）",
        f"6  Coordination form of each pair ({story.as_of})",
    )
    form, name = f"form_label_{console.language}", f"label_{console.language}"
    pairs: dict[str, list[str]] = defaultdict(list)
    for row in story.coordination.rows:
        pairs[str(row[form])].append(f"{_short(row, 'body_a', name)}–{_short(row, 'body_b', name)}")
    most = max((len(found) for found in pairs.values()), default=0)
    for label, found in sorted(pairs.items()):
        zh, en = "，".join(found), ", ".join(found)
        if len(found) == most:
            zh = en = ""  # the form of every other pair: a number says more than the list
        console.say(f"  {label}（{len(found)} 对）{zh}", f"  {label} ({len(found)} pairs) {en}")


def _short(row: Row, side: str, name: str) -> str:
    text = str(row[f"{side}_{name}"])
    for word in ("City ", " bureau", " commission", "市", "局", "委员会", "（委）"):
        text = text.replace(word, "")
    return text


def _further(story: Story, console: Console) -> None:
    _section(console, "接下来", "Look further")
    why = " ".join(f"'{part}'" if part.startswith("<") else part for part in story.statement)
    for command, zh, en in (
        (
            f"emkg why {why}",
            "这项职责为何适用：规则、事实、映射行、源文件的行和单元格",
            "why this duty applies, down to the source's row and cell",
        ),
        (
            f"emkg ask who-must-act event={story.event.value.rsplit('/', 1)[-1]} phase=warning",
            "预警环节谁必须行动",
            "who must act in the warning phase",
        ),
        (
            f"emkg audit coverage --as-of {story.as_of} --event-type 11B19",
            "霾的法律覆盖",
            "how the law covers haze",
        ),
        (
            "emkg serve",
            "SPARQL 与 REST 服务，http://127.0.0.1:8000/docs",
            "SPARQL and REST, http://127.0.0.1:8000/docs",
        ),
    ):
        console.say(f"  {command}\n      {zh}", f"  {command}\n      {en}")
    console.say("EMKG 只提供参考，不下达命令。", "EMKG advises; it never issues an order.")
