"""The comparison of two runs as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.comparison.causes import CAUSES, entry_text, rule_text
from reports.comparison.compare import CAUSES_SHOWN, GROUPS, QUIET, SOURCES
from reports.comparison.texts import COLUMNS, WORDS
from reports.pages.html import environment, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from events.problems import Lang
    from reports.comparison.causes import Cause
    from reports.comparison.change import VerdictChange
    from reports.comparison.compare import Comparison


FOLDED_SHOWN, LOUD_SHOWN, LOG_SHOWN = 50, 200, 100
"""How many changes of a group the page has: of those that nobody has to act on, and of the others; and entries."""


def compare_page(comparison: Comparison, lang: Lang) -> bytes:
    """Return the page: how the inputs differ, the causes, each group of changes, what was violated in both.

    Of long groups the page has the first and says how many others there are; the workbook has all.
    """
    differences = comparison.differences
    entries = [one for one in differences.entries.values() if one.sort != "happened"]
    counts = dict(differences.entry_counts())
    page = (
        environment(lang)
        .get_template("compare.html.j2")
        .render(
            **words(lang),
            w={name: text.in_(lang) for name, text in WORDS.items()},
            columns={name: text.in_(lang) for name, text in COLUMNS.items()},
            moments=(comparison.before.as_of.text, comparison.after.as_of.text),
            inputs=[SOURCES[name].in_(lang) for name in comparison.inputs()],
            rules=[rule_text(rule).in_(lang) for rule in differences.rules.values()],
            days=list(differences.days),
            entries=[
                (CAUSES[one.sort].in_(lang), entry_text(one).in_(lang), _place(one.entry))
                for one in entries[:LOG_SHOWN]
            ],
            entry_count=len(entries),
            happened=counts.get("happened", 0),
            causes=[(CAUSES[code].in_(lang), number) for code, number in comparison.cause_counts().items()],
            groups=[
                (
                    name,
                    GROUPS[name].in_(lang),
                    name in QUIET,
                    [_shown(*one, comparison, lang) for one in found[: FOLDED_SHOWN if name in QUIET else LOUD_SHOWN]],
                    len(found),
                )
                for name, found in comparison.groups.items()
                if found
            ],
            standing=[
                (row, comparison.after.cited(row), comparison.after.title(row))
                for row in comparison.standing[:LOUD_SHOWN]
            ],
            standing_count=len(comparison.standing),
        )
    )
    return page.encode("utf-8")


def _place(entry: Mapping[str, object]) -> str:
    """Return where an entry stands, in a few words."""
    return f"{entry['file']} {entry['place']}"


def _shown(change: VerdictChange, causes: Sequence[Cause], comparison: Comparison, lang: Lang) -> dict[str, object]:
    """Return what the page shows of one change."""
    run = comparison.after if change.after is not None else comparison.before
    return {
        "row": change.row,
        "cited": run.cited(change.row),
        "title": run.title(change.row),
        "sides": (change.before, change.after),
        "causes": [cause.text.in_(lang) for cause in causes[:CAUSES_SHOWN]],
        "more": max(len(causes) - CAUSES_SHOWN, 0),
    }
