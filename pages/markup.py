"""Text that officers write, as HTML: paragraphs, `## headings`, `- points`, `1. steps`, **bold**, and addresses.

Everything else is text: whatever looks like HTML is shown as it was typed.
"""

import re
from collections.abc import Iterator
from itertools import groupby

from django.utils.html import urlize
from django.utils.safestring import SafeString

HEADING = re.compile(r"(#{2,3}) +(.+)")
POINT = re.compile(r"[-*•] +(.+)")
STEP = re.compile(r"\d{1,2}[.)] +(.+)")
BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
TAGS = {"##": "h2", "###": "h3"}


def as_html(text: str) -> SafeString:
    """Safe, whatever `text` is."""
    return SafeString("".join(_blocks(text.replace("\r\n", "\n").replace("\r", "\n"))))


def _blocks(text: str) -> Iterator[str]:
    for kind, lines in groupby(text.split("\n"), key=_kind):
        found = list(lines)
        if kind in TAGS:
            yield from (f"<{TAGS[kind]}>{_inline(line.lstrip('#').strip())}</{TAGS[kind]}>" for line in found)
        elif kind == "point":
            yield f"<ul>{''.join(f'<li>{_inline(_said(POINT, line))}</li>' for line in found)}</ul>"
        elif kind == "step":
            yield f"<ol>{''.join(f'<li>{_inline(_said(STEP, line))}</li>' for line in found)}</ol>"
        elif kind == "text":
            yield f"<p>{'<br>'.join(_inline(line.strip()) for line in found)}</p>"


def _kind(line: str) -> str:
    line = line.strip()
    if not line:
        return ""
    if heading := HEADING.fullmatch(line):
        return heading[1]
    if POINT.fullmatch(line):
        return "point"
    return "step" if STEP.fullmatch(line) else "text"


def _said(pattern: re.Pattern[str], line: str) -> str:
    found = pattern.fullmatch(line.strip())
    return found[1] if found else line


def _inline(line: str) -> str:
    said = []
    for place, part in enumerate(BOLD.split(line)):  # every second one stood between the stars
        linked = urlize(part, nofollow=True, autoescape=True)
        said.append(f"<strong>{linked}</strong>" if place % 2 else linked)
    return "".join(said)
