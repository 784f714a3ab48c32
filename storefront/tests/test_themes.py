"""The colours of each cooperative can be read (WCAG 2.2 AA)."""

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "assets" / "themes.css"
THEMES = ("kopi", "batik", "garut")
TEXT_ON = [
    ("base-content", "base-100"), ("base-content", "base-200"), ("base-content", "base-300"), ("quiet", "base-100"),
    ("quiet", "base-200"), ("primary", "base-100"), ("primary", "base-200"), ("primary-content", "primary"),
    ("secondary-content", "secondary"), ("accent-content", "accent"), ("neutral-content", "neutral"),
    ("info", "base-100"), ("success", "base-100"), ("error", "base-100"), ("info-content", "info"),
    ("success-content", "success"), ("warning-content", "warning"), ("error-content", "error"),
]  # fmt: skip


def colours(theme: str) -> dict[str, str]:
    css = SOURCE.read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
        if f'"{theme}"' in selector or selector.strip().endswith(":root"):
            found.update(re.findall(r"--color-([a-z0-9-]+):\s*(#[0-9a-f]{6});", body))
    return found


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_reaches_aa(theme, text, ground):
    palette = colours(theme)
    assert contrast(palette[text], palette[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_the_focus_ring_is_seen_on_light_and_on_dark_grounds(theme):
    palette = colours(theme)
    assert contrast(palette["primary"], palette["base-100"]) >= 3
    assert contrast(palette["accent"], palette["neutral"]) >= 3


def test_contrast_is_computed_as_wcag_says():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
