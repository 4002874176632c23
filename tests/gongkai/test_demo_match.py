"""What the made-up year writes so that a rule's selector selects it."""

from __future__ import annotations

from datetime import datetime

import pytest

from events.vocabulary import load_vocabulary
from gongkai.demo.match import fitting, matches
from gongkai.demo.year.log import Entry
from rules.model import Condition, Selector

NEWS = Condition(includes="news", excludes=("village_affairs",))
NO_VILLAGE = Condition(excludes=("skills_training", "village_affairs"))
NO_VILLAGE_OR_NOTHING = NO_VILLAGE.model_copy(update={"or_missing": True})


@pytest.mark.parametrize("condition", [NEWS, NO_VILLAGE, NO_VILLAGE_OR_NOTHING])
def test_what_fits_a_condition_on_a_list_is_a_list_and_is_selected(condition: Condition) -> None:
    selector = Selector(event="column.opened", where=({"topics": condition},))
    data = fitting(selector)
    assert load_vocabulary().attributes["topics"].type == "list"
    assert all(isinstance(value, tuple) for value in data.values())
    entry = Entry("e-1", "column.opened", "shangwu", datetime(2023, 1, 1), data=data)
    assert matches(entry, selector)


def test_an_entry_with_an_excluded_word_is_not_selected() -> None:
    selector = Selector(event="column.opened", where=({"topics": NO_VILLAGE_OR_NOTHING},))
    entry = Entry("e-1", "column.opened", "shangwu", datetime(2023, 1, 1), data={"topics": ("village_affairs",)})
    assert not matches(entry, selector)
