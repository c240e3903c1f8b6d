"""What no department's system holds: the city organisation register, invented for the demonstration.

Posts (never persons) and the bodies each deputy leads, the departments' information systems and the links between
them, a coordinating body and memberships. Ends are exclusive; an empty end is open. On any day of the haze week the
pairs of the six departments show all four coordination forms, and some change form when the register's dates pass.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final, TypeAlias

from emkg.demonstration.export import Export, target

if TYPE_CHECKING:
    from pathlib import Path

Table: TypeAlias = tuple[tuple[str, ...], ...]

POSTS: Final[Table] = (
    ("职务编号", "职务名称", "职务英文名称"),
    ("mayor", "市长", "Mayor"),
    ("executive-deputy", "常务副市长（分管应急管理）", "Executive deputy mayor (emergency management)"),
    ("deputy-1", "副市长（分管生态环境、气象）", "Deputy mayor (environment and weather)"),
    ("deputy-2", "副市长（分管卫生健康、教育）", "Deputy mayor (health and education)"),
    ("deputy-3", "副市长（分管经济和信息化）", "Deputy mayor (economy and information)"),
    ("deputy-4", "副市长（分管公安）", "Deputy mayor (public security)"),
    ("deputy-5", "副市长（分管城建、交通、绿化）", "Deputy mayor (construction, transport, greening)"),
)

PORTFOLIOS: Final[Table] = (
    ("分管编号", "职务编号", "部门编号", "起", "止"),
    ("fg-01", "executive-deputy", "c-em", "2022-01-01", ""),
    ("fg-02", "deputy-1", "c-eco", "2022-01-01", ""),
    ("fg-03", "deputy-1", "c-met", "2022-01-01", ""),
    ("fg-04", "deputy-2", "c-health", "2022-01-01", ""),
    ("fg-05", "deputy-5", "c-edu", "2022-01-01", "2025-01-01"),
    ("fg-06", "deputy-2", "c-edu", "2025-01-01", ""),
    ("fg-07", "deputy-3", "c-eit", "2022-01-01", ""),
    ("fg-08", "deputy-4", "c-police", "2022-01-01", ""),
    ("fg-09", "deputy-4", "c-traffic", "2022-01-01", ""),
    ("fg-10", "deputy-5", "c-housing", "2022-01-01", ""),
    ("fg-11", "deputy-5", "c-transport", "2022-01-01", ""),
    ("fg-12", "deputy-5", "c-forest", "2022-01-01", ""),
)

SYSTEMS: Final[Table] = (
    ("系统编号", "系统名称", "系统英文名称", "运行部门"),
    ("air-monitoring", "大气环境监测专网", "Air monitoring network", "c-eco"),
    ("forecast", "气象预报预警专网", "Weather forecast and warning network", "c-met"),
    ("health-surveillance", "卫生健康监测专网", "Health surveillance network", "c-health"),
    ("school-administration", "教育管理专网", "School administration network", "c-edu"),
    ("enterprise-service", "企业运行监测专网", "Enterprise monitoring network", "c-eit"),
    ("police-command", "公安指挥专网", "Police command network", "c-police"),
    ("traffic-control", "交通管控专网", "Traffic control network", "c-traffic"),
    ("emergency-command", "应急指挥平台", "Emergency command platform", "c-em"),
)

LINKS: Final[Table] = (
    ("连接编号", "起点系统", "终点系统", "连接方式", "起", "止"),
    ("lj-01", "air-monitoring", "forecast", "物理", "2019-03-01", ""),
    ("lj-02", "forecast", "health-surveillance", "信息", "2023-05-01", ""),
    ("lj-03", "air-monitoring", "health-surveillance", "信息", "2024-01-01", ""),
    ("lj-04", "forecast", "police-command", "信息", "2022-01-01", "2026-12-01"),
    ("lj-05", "police-command", "traffic-control", "物理", "2019-01-01", ""),
    ("lj-06", "enterprise-service", "air-monitoring", "信息", "2026-12-01", ""),
    ("lj-07", "forecast", "emergency-command", "信息", "2020-06-01", ""),
)

BODIES: Final[Table] = (
    ("机构编号", "机构名称", "机构英文名称", "是否虚体", "覆盖事件类型", "起"),
    (
        "city-haze-conference",
        "重污染天气应对联席会议",
        "Joint conference on heavy air pollution",
        "true",
        "11B19",
        "2020-01-01",
    ),
)

MEMBERSHIPS: Final[Table] = (
    ("成员编号", "机构编号", "成员部门", "起", "止"),
    ("cy-01", "city-haze-conference", "c-eco", "2020-01-01", ""),
    ("cy-02", "city-haze-conference", "c-met", "2020-01-01", ""),
    ("cy-03", "city-haze-conference", "c-eit", "2021-07-01", ""),
    ("cy-04", "city-haze-conference", "c-edu", "2026-12-01", ""),
    ("cy-05", "c-joint", "c-health", "2025-09-01", ""),
    ("cy-06", "c-joint", "c-edu", "2025-09-01", ""),
)

REGISTER: Final[dict[str, Table]] = {
    "organisation/posts.csv": POSTS,
    "organisation/portfolios.csv": PORTFOLIOS,
    "organisation/information-systems.csv": SYSTEMS,
    "organisation/system-links.csv": LINKS,
    "organisation/coordinating-bodies.csv": BODIES,
    "organisation/memberships.csv": MEMBERSHIPS,
}


def write_organisation(directory: Path) -> Export:
    """Write the register; it depends on neither seed nor scale, and holds no fault."""
    for file, table in REGISTER.items():
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(table)
        target(directory, file).write_text(text.getvalue(), encoding="utf-8", newline="\n")
    return Export(tuple((file, len(table) - 1) for file, table in REGISTER.items()))
