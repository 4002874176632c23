"""Words for groups, grades and thresholds on the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.problems import Text
from reports.output.languages import number
from reports.scoring.files import grade_of

if TYPE_CHECKING:
    from events.problems import Lang
    from reports.scoring.policy import Conditions
    from reports.scoring.scores import Scoring

SORTS = {
    "department": Text("县直部门", "departments"),
    "town": Text("镇", "towns"),
    "subdistrict": Text("街道", "subdistricts"),
    "zone": Text("管委会", "zones"),
    "institution": Text("企事业单位", "institutions"),
    "body": Text("议事协调机构", "bodies"),
}
"""What the sorts of units are called."""

GROUPS = {
    "": Text("全部单位", "all units"),
    "departments": Text("县直部门", "departments"),
    "towns": Text("镇街", "towns and subdistricts"),
    "zones": Text("管委会", "zones"),
    "institutions": Text("企事业单位", "institutions"),
    "bodies": Text("议事协调机构", "bodies"),
}
"""What the implied groups of a registry are called."""

THRESHOLDS = {
    "score_at_least": Text("得分不低于{0}", "a score of at least {0}"),
    "score_below": Text("得分低于{0}", "a score below {0}"),
    "violated_at_most": Text("未落实不超过{0}项", "at most {0} violated"),
    "violated_at_least": Text("未落实{0}项以上", "{0} or more violated"),
    "late_at_most": Text("逾期不超过{0}项", "at most {0} late"),
    "still_violated_at_least": Text("先前未落实、现在仍未落实{0}项以上", "{0} or more violated before and still"),
    "rank_at_most": Text("名次在前{0}名以内", "among the first {0}"),
}
"""What the thresholds of a list say."""

VETOED = {True: Text("被单项否决", "vetoed"), False: Text("没有被单项否决", "not vetoed")}


def thresholds(conditions: Conditions, lang: Lang) -> list[str]:
    """Return the thresholds of a list, as sentences have them."""
    stated = conditions.model_dump(exclude_none=True)
    said = [text.in_(lang).format(number(stated[name], lang)) for name, text in THRESHOLDS.items() if name in stated]
    return said if conditions.vetoed is None else [*said, VETOED[conditions.vetoed].in_(lang)]


def score_words(lang: Lang, scoring: Scoring | None) -> dict[str, object]:
    """Return what the templates need to speak of scores."""
    return {
        "scoring": scoring,
        "group_names": {name: text.in_(lang) for name, text in GROUPS.items()},
        "grade": lambda one: grade_of(one, scoring, lang) if scoring is not None else "",
        "thresholds": lambda conditions: thresholds(conditions, lang),
    }
