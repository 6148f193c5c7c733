"""axe on a page: every rule on all of it, but contrast once for each combination of colours.

Contrast takes two thirds of axe's time, and depends on nothing but colours, grounds and the size
of letters. Each combination is measured on the first few elements that have it, whatever page
they stand on.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TIMES = 3  # each combination is measured
CONTRAST = "color-contrast"

NEW_COMBINATIONS = """
([known, times]) => {
  const seen = new Map(Object.entries(known));
  const grounds = (element) => {
    const found = [];
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      found.push(style.backgroundColor, style.backgroundImage, style.opacity, style.position);
      if (/^rgb\\(/.test(style.backgroundColor)) break;
    }
    return found;
  };
  const measured = {};
  window.toMeasure = [...document.querySelectorAll('body *')].filter((element) => {
    const words = element.matches('input, select, textarea')
      || [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const box = element.getBoundingClientRect();
    if (!words || box.width < 2 || box.height < 2 || !element.checkVisibility()) return false;
    const style = getComputedStyle(element);
    const key = [
      style.color, style.fontSize, style.fontWeight, style.textShadow, ...grounds(element),
    ].join(' ');
    const before = (seen.get(key) || 0) + (measured[key] || 0);
    if (before < times) measured[key] = (measured[key] || 0) + 1;
    return before < times;
  });
  return measured;
}
"""
MEASURE = """
(rule) => window.toMeasure.length === 0 ? null : axe.run(
  {include: window.toMeasure},
  {runOnly: {type: 'rule', values: [rule]}, resultTypes: ['violations']},
)
"""


class Checker:
    """Runs axe, and remembers which combinations of colours it has measured."""

    def __init__(self) -> None:
        self._axe = Axe()
        self._measured: Counter[str] = Counter()

    def __call__(self, page: Page) -> None:
        """Fail on any violation that axe finds; the page needs JavaScript."""
        rest: dict[str, Any] = {"rules": {CONTRAST: {"enabled": False}}}
        _hold(page, self._axe.run(page, options={"resultTypes": ["violations"], **rest}))
        new = page.evaluate(NEW_COMBINATIONS, [dict(self._measured), TIMES])
        if (contrast := page.evaluate(MEASURE, CONTRAST)) is not None:
            _hold(page, AxeResults(contrast))
        self._measured.update(new)


def _hold(page: Page, results: AxeResults) -> None:
    assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"
