"""The weather service's export: CAP 1.2 warnings, one file each, in Chinese and English.

An orange haze warning, its update and its cancellation name one incident; two further warnings carry the faults.
CAP is a schema with dates and enumerations, so these faults are such as the schema lets pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lxml import etree

from emkg.demonstration.export import Export, target
from emkg.demonstration.faults import EVENT_CODE, EXPIRES, PlantedFault, fault_by_id

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.demonstration.setting import Setting

CAP: Final = "urn:oasis:names:tc:emergency:cap:1.2"
SENDER: Final = "warning@met.example"
_CITY: Final = "31.87,120.86 31.87,122.24 30.68,122.24 30.68,120.86 31.87,120.86"
_HAZE: Final = ("11B19", "霾", "Haze")
_FOG: Final = ("11B17", "大雾", "Fog")
_ODD: Final = ("11Z99", "其他天气", "Other weather")
_SEVERE: Final = ("Severe", "橙色", "orange")
_MODERATE: Final = ("Moderate", "黄色", "yellow")


@dataclass(frozen=True)
class Message:
    """One message; times are pairs of day and hour of the week."""

    number: int
    kind: str
    event: tuple[str, str, str]
    severity: tuple[str, str, str]
    sent: tuple[int, int]
    onset: tuple[int, int]
    expires: tuple[int, int]
    updates: int | None = None

    @property
    def file(self) -> str:
        """The message's file in the city's directory."""
        return f"weather/warning-{self.number}.xml"


WARNINGS: Final = (
    Message(1, "Alert", _HAZE, _SEVERE, sent=(-1, 17), onset=(0, 8), expires=(3, 8)),
    Message(2, "Update", _HAZE, _SEVERE, sent=(2, 17), onset=(2, 17), expires=(6, 20), updates=1),
    Message(3, "Cancel", _HAZE, _SEVERE, sent=(6, 16), onset=(6, 16), expires=(6, 20), updates=2),
    Message(4, "Alert", _ODD, _MODERATE, sent=(1, 9), onset=(1, 12), expires=(1, 20)),
    Message(5, "Alert", _FOG, _MODERATE, sent=(3, 4), onset=(3, 6), expires=(3, 2)),
)


def write_weather(directory: Path, setting: Setting) -> Export:
    """Write the warnings; their number does not depend on the scale."""
    for warning in WARNINGS:
        root = _alert(warning, setting)
        content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
        target(directory, warning.file).write_bytes(content)
    return Export(tuple((warning.file, 1) for warning in WARNINGS), _faults(setting))


def _faults(setting: Setting) -> tuple[PlantedFault, ...]:
    code, expires = fault_by_id("warning-event-code"), fault_by_id("warning-expires-early")
    return (
        PlantedFault(code, code.file, 1, EVENT_CODE, _ODD[0]),
        PlantedFault(expires, expires.file, 1, EXPIRES, setting.moment(*WARNINGS[4].expires)),
    )


def _identifier(number: int, setting: Setting) -> str:
    return f"SFQX-{setting.start:%Y%m%d}-{number:04d}"


def _alert(warning: Message, setting: Setting) -> etree._Element:
    alert = etree.Element(_name("alert"), nsmap={"cap": CAP})
    _add(alert, "identifier", _identifier(warning.number, setting))
    _add(alert, "sender", SENDER)
    _add(alert, "sent", setting.moment(*warning.sent))
    _add(alert, "status", "Actual")
    _add(alert, "msgType", warning.kind)
    _add(alert, "scope", "Public")
    _add(alert, "note", "演示数据 / generated for a demonstration")
    if warning.updates is not None:
        earlier = WARNINGS[warning.updates - 1]
        sent = setting.moment(*earlier.sent)
        _add(alert, "references", f"{SENDER},{_identifier(earlier.number, setting)},{sent}")
    if warning.event == _HAZE:
        _add(alert, "incidents", setting.event_key)
    _add_info(alert, warning, setting, chinese=True)
    _add_info(alert, warning, setting, chinese=False)
    return alert


def _add_info(alert: etree._Element, warning: Message, setting: Setting, *, chinese: bool) -> None:
    info = _add(alert, "info")
    code, event_zh, event_en = warning.event
    severity, colour_zh, colour_en = warning.severity
    _add(info, "language", "zh-CN" if chinese else "en-US")
    _add(info, "category", "Met")
    _add(info, "event", event_zh if chinese else event_en)
    _add(info, "urgency", "Expected")
    _add(info, "severity", severity)
    _add(info, "certainty", "Likely")
    _add_pair(info, "eventCode", "EVENT", code)
    _add(info, "onset", setting.moment(*warning.onset))
    _add(info, "expires", setting.moment(*warning.expires))
    _add(info, "senderName", "示范市气象台" if chinese else "Demonstration City meteorological station")
    _add(info, "headline", _headline(event_zh, colour_zh, event_en, colour_en, chinese=chinese))
    area = _add(info, "area")
    _add(area, "areaDesc", "全市" if chinese else "The whole city")
    _add(area, "polygon", _CITY)
    _add_pair(area, "geocode", "GB/T 2260", "310000")


def _headline(event_zh: str, colour_zh: str, event_en: str, colour_en: str, *, chinese: bool) -> str:
    return f"{event_zh}{colour_zh}预警" if chinese else f"{event_en}: {colour_en} warning"


def _name(tag: str) -> str:
    return f"{{{CAP}}}{tag}"


def _add(parent: etree._Element, tag: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, _name(tag))
    element.text = text
    return element


def _add_pair(parent: etree._Element, tag: str, name: str, value: str) -> None:
    pair = _add(parent, tag)
    _add(pair, "valueName", name)
    _add(pair, "value", value)
