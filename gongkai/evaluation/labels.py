"""What the values of list attributes are called in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from events.problems import Lang


def element_labels(lang: Lang) -> dict[str, str]:
    """Return the label of every value that the vocabulary knows, such as `collected`: 意见收集情况."""
    attributes = load_vocabulary().attributes.values()
    return {
        value.value: (value.zh if lang == "zh" else value.en) for attribute in attributes for value in attribute.values
    }
