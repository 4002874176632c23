from __future__ import annotations

import pytest

from events.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()

CONTRACT = {
    "decision.issued": {"consulted": "bool"},
    "consultation.feedback_published": {"covers": "list"},
    "executive_meeting.attended": {"delegates": "int"},
    "executive_meeting.opinions_published": {},
    "training.held": {},
    "leading_group.met": {},
    "staff.appointed": {},
    "staff.released": {},
    "work_plan.issued": {"elements": "list"},
    "annual_report.submitted": {},
    "annual_report.published": {},
    "policy.issued": {"normative": "bool", "affects_rights": "bool"},
    "policy.interpreted": {"forms": "list"},
    "policy.evaluated": {},
    "policy.evaluation_published": {},
    "review.completed": {},
    "information.published": {},
    "information.created": {},
    "decision_catalogue.published": {},
    "request.received": {"channel": "text"},
    "request.correction_asked": {},
    "request.corrected": {},
    "request.third_party_asked": {},
    "request.third_party_answered": {},
    "request.extended": {"working_days": "int", "approved": "bool", "notified": "bool"},
    "request.answered": {"outcome": "text"},
    "opinion.detected": {},
    "opinion.answered": {},
    "account.opened": {},
    "account.updated": {},
    "account.closed": {},
    "indicator.reported": {"indicator": "text", "value": "number"},
    "assessment.recorded": {"clause": "text", "result": "text", "score": "number", "evaluator": "text"},
}
VALUES = {
    "covers": {"collected", "adopted", "reasons"},
    "elements": {"responsible", "deadlines"},
    "result": {"pass", "fail"},
}


@pytest.mark.parametrize("name", CONTRACT)
def test_the_types_of_the_contract_have_their_attributes(name: str) -> None:
    assert VOCABULARY.find_type(name) == name
    assert {one: VOCABULARY.attributes[one].type for one in CONTRACT[name] if VOCABULARY.has(name, one)} == CONTRACT[
        name
    ]


@pytest.mark.parametrize("name", VALUES)
def test_the_values_of_the_contract_are_known(name: str) -> None:
    assert {value.value for value in VOCABULARY.attributes[name].values} >= VALUES[name]
    assert VOCABULARY.attributes[name].closed


def test_every_word_has_a_label_and_a_meaning_in_both_languages() -> None:
    texts = [(one.name, one.label, one.meaning) for one in VOCABULARY.types.values()]
    texts += [(one.name, one.label, one.meaning) for one in VOCABULARY.attributes.values()]
    for name, label, meaning in texts:
        assert all((label.zh, label.en, meaning.zh, meaning.en)), name


def test_every_name_and_label_leads_back_to_its_type_or_attribute() -> None:
    for kind in VOCABULARY.types.values():
        for word in (kind.name, kind.label.zh, kind.label.en, *kind.synonyms):
            assert VOCABULARY.find_type(word) == kind.name, word
    for one in VOCABULARY.attributes.values():
        for word in (one.name, f"data.{one.name}", one.label.zh):
            assert VOCABULARY.find_attribute(word) == one.name, word
        for value in one.values:
            for word in (value.value, value.zh, value.en, *value.synonyms):
                assert one.find_value(word) == value.value, (one.name, word)


def test_types_name_attributes_that_there_are() -> None:
    named = {*VOCABULARY.common, *(one for kind in VOCABULARY.types.values() for one in kind.attributes)}
    assert named == set(VOCABULARY.attributes)


def test_no_label_of_a_list_value_has_what_separates_values() -> None:
    """A register that writes labels would be read back as other values."""
    lists = [one for one in VOCABULARY.attributes.values() if one.type == "list"]
    assert [value.zh for one in lists for value in one.values if set(value.zh) & set("、；;")] == []
