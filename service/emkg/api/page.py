"""HTML pages of the service: one frame, no script, nothing from elsewhere."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from starlette.responses import HTMLResponse

if TYPE_CHECKING:
    from collections.abc import Sequence

_STYLE: Final = """
:root { color-scheme: light dark; --line: #8886; --soft: #8882; --accent: #0a6; }
* { box-sizing: border-box; }
body { font: 16px/1.55 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; margin: 0 auto; max-width: 62rem;
  padding: 1.5rem; }
header { border-bottom: 2px solid var(--accent); margin-bottom: 1.5rem; padding-bottom: .5rem; }
header p { margin: .2rem 0; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .5rem 0; padding: .5rem .8rem; }
summary { cursor: pointer; } code, textarea, input { font-family: ui-monospace, monospace; font-size: .92em; }
.method { background: var(--accent); border-radius: .25rem; color: #fff; font-size: .8em; padding: .1rem .4rem; }
table { border-collapse: collapse; margin: .6rem 0; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .5rem; text-align: left; vertical-align: top; }
input, textarea { border: 1px solid var(--line); border-radius: .25rem; padding: .3rem; width: 100%; }
button { background: var(--accent); border: 0; border-radius: .25rem; color: #fff; font: inherit; padding: .35rem 1rem; }
.notice { background: var(--soft); border-left: .25rem solid #c80; padding: .4rem .8rem; }
"""
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'"


def page(title: str, body: str, notice: str = "") -> HTMLResponse:
    """A page; `title` and `notice` are text, `body` is HTML."""
    banner = f'<p class="notice">{escape(notice)}</p>' if notice else ""
    html = (
        '<!doctype html><html lang="zh"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · EMKG</title><style>{_STYLE}</style></head>"
        f"<body><header><h1>{escape(title)}</h1>{banner}</header>{body}</body></html>"
    )
    return HTMLResponse(html, headers={"Content-Security-Policy": _POLICY})


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of texts that are HTML already."""
    top = "".join(f"<th>{cell}</th>" for cell in head)
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table>"
