"""Judging again what new entries touch gives what judging everything gives, to the byte."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from engine.compile.plan import County
from engine.evaluate import calendar_span, evaluate
from engine.incremental import judge_again, touched
from engine.kinds import KINDS
from engine.mattering import seen_types
from engine.time.asof import AsOf
from events.model import Event
from events.table import table_of
from events.vocabulary import load_vocabulary
from rules.load import load_books
from rules.loading.registry import UNITS, load_registry
from rules.model import Period
from tests.engine.agreeing import THOROUGH, calendar_for
from tests.engine.strategies import EMPTY
from tests.engine.test_oracle_agrees import random_log

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.kinds.base import KindRule
    from rules.book import Book

AS_OF = "2023-12-31"
SEEDS = range(40 if THOROUGH else 2)
CUTS = 8 if THOROUGH else 2


def with_changes(rng: random.Random, log: list[Event]) -> list[Event]:
    """Return a log in which entries correct and withdraw others, some of another type, unit or chain, and late."""
    found = list(log)
    for number in range(60):
        target, like = rng.choice(found), rng.choice(log)
        at = datetime(2023, rng.randint(1, 12), rng.randint(1, 28))
        one = replace(
            rng.choice((target, like)), id=f"c{number}", recorded_at=at + timedelta(days=rng.choice((0, 400)))
        )
        if target.retracts or rng.random() < 0.5:
            found.append(replace(one, corrects=None, retracts=target.id, data={}))
        else:
            found.append(replace(one, corrects=target.id, retracts=None))
    return found


def bytes_of(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("names", [("jinxiang-2023",), ("regulation-2019",)])
def test_the_rest_of_any_log_gives_the_verdicts_of_the_whole(names: tuple[str, ...], seed: int) -> None:
    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    assert registry is not None
    books, _ = load_books(names, KINDS, vocabulary=load_vocabulary(), registry=registry)
    as_of = AsOf.parse(AS_OF)
    calendar = calendar_for(*calendar_span(books, as_of))
    rng = random.Random(seed)
    log = table_of(with_changes(rng, random_log(rng, registry, books[0])), load_vocabulary())
    whole = evaluate(log, books, registry, as_of, calendar)
    judged: list[int] = []

    for cut in (*(rng.randrange(log.num_rows) for _ in range(CUTS)), log.num_rows - 1, log.num_rows):
        earlier = evaluate(log.slice(0, cut), books, registry, as_of, calendar)
        new = log["id"].slice(cut).combine_chunks()
        table, again = judge_again(
            pq.read_table(io.BytesIO(bytes_of(earlier))),
            log,
            new,
            County(registry, books),
            lambda some, events: evaluate(events, some, registry, as_of, calendar),
        )
        assert bytes_of(table) == bytes_of(whole)
        judged.append(again)
    assert judged[-1] == 0
    assert judged[-2] < whole.num_rows / 4


@pytest.mark.parametrize("unit", ["minzheng", "yangshan"])
def test_entries_of_an_abolished_unit_and_of_its_heir_touch_both(unit: str) -> None:
    shipped, _ = load_registry(UNITS / "jinxiang.yaml")
    assert shipped is not None
    ended = replace(shipped.unit("minzheng"), until=date(2023, 6, 30), successors=("yangshan",))
    registry = replace(shipped, units=tuple(ended if one.id == ended.id else one for one in shipped.units))
    books, _ = load_books(("jinxiang-2023",), KINDS, vocabulary=load_vocabulary(), registry=registry)
    as_of = AsOf.parse(AS_OF)
    calendar = calendar_for(*calendar_span(books, as_of))
    days = [("minzheng", "training.held", 2), ("yangshan", "policy.issued", 9), ("minzheng", "policy.issued", 5)]
    days += [("yangshan", "policy.interpreted", 9), (unit, "policy.interpreted", 5), (unit, "training.held", 3)]
    log = table_of(
        [
            Event(f"e{number}", kind, one, "策", at, timed=False, recorded_at=at, where=EMPTY)
            for number, (one, kind, month) in enumerate(days)
            for at in [datetime(2023, month, 20)]
        ],
        load_vocabulary(),
    )
    whole = evaluate(log, books, registry, as_of, calendar)
    for cut in range(log.num_rows):
        earlier = evaluate(log.slice(0, cut), books, registry, as_of, calendar)
        table, _ = judge_again(
            earlier,
            log,
            log["id"].slice(cut).combine_chunks(),
            County(registry, books),
            lambda some, events: evaluate(events, some, registry, as_of, calendar),
        )
        assert bytes_of(table) == bytes_of(whole), cut


@pytest.mark.parametrize("heir", [False, True], ids=["as it is", "with an heir"])
def test_the_units_that_are_asked_for_get_the_verdicts_of_the_whole(heir: bool) -> None:  # noqa: FBT001
    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    assert registry is not None
    if heir:
        ended = replace(registry.unit("minzheng"), until=date(2023, 6, 30), successors=("yangshan",))
        registry = replace(registry, units=tuple(ended if one.id == ended.id else one for one in registry.units))
    books, _ = load_books(("jinxiang-2023", "regulation-2019"), KINDS, vocabulary=load_vocabulary(), registry=registry)
    as_of, rng = AsOf.parse(AS_OF), random.Random(3)
    calendar = calendar_for(*calendar_span(books, as_of))
    log = table_of(with_changes(rng, random_log(rng, registry, books[0])), load_vocabulary())
    whole = evaluate(log, books, registry, as_of, calendar)
    others = rng.sample([unit.id for unit in registry.units], 20 if THOROUGH else 3)
    for units in (("minzheng",), ("yangshan",), ("zhengfuban", "sifa"), (registry.county,), others):
        wanted = whole.filter(pc.is_in(whole["unit"], pa.array(units)))
        found = evaluate(log, books, registry, as_of, calendar, units=units)
        assert bytes_of(found) == bytes_of(wanted.combine_chunks()), units


def test_what_is_not_touched_is_taken_over_unseen() -> None:
    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    assert registry is not None
    books, _ = load_books(("jinxiang-2023",), KINDS, vocabulary=load_vocabulary(), registry=registry)
    as_of = AsOf.parse(AS_OF)
    calendar = calendar_for(*calendar_span(books, as_of))
    log = table_of(random_log(random.Random(7), registry, books[0]), load_vocabulary())
    earlier = evaluate(log, books, registry, as_of, calendar)
    bound = {row["unit"] for row in earlier.to_pylist() if row["rule"] == "N6.training"}
    unit = next(one for one in log["unit"].to_pylist() if one in bound)
    at = datetime(2023, 3, 1)
    more = Event("new", "training.held", unit, None, at, timed=False, recorded_at=at, where=EMPTY)
    marked = earlier.set_column(
        earlier.schema.get_field_index("reason"), earlier.schema.field("reason"), [["marked"] * earlier.num_rows]
    )
    grown = pa.concat_tables([log, table_of([more], load_vocabulary())])
    table, again = judge_again(
        marked,
        grown,
        pa.array(["new"]),
        County(registry, books),
        lambda some, events: evaluate(events, some, registry, as_of, calendar),
    )
    fresh = [row for row in table.to_pylist() if row["reason"] != "marked"]
    assert again == len(fresh) > 0
    # whether anything was filed at all decides over what must not happen
    filing = {rule.id for book in books for rule in book.versions() if rule.kind == "never"}
    assert {row["unit"] for row in fresh} == {unit}
    assert {row["rule"] for row in fresh} - filing == {"N6.training"}
    assert any("new" in row["evidence"] for row in fresh)


def test_a_part_of_the_books_lists_the_days_of_all_and_names_obligations_as_they_do() -> None:
    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    assert registry is not None
    names = ("jinxiang-2023", "regulation-2019")
    (notice, regulation), _ = load_books(names, KINDS, vocabulary=load_vocabulary(), registry=registry)
    changed = next(rule for rule in regulation.rules if rule.id == "art33.reply")
    before = changed.model_copy(update={"period": Period(start=changed.period.start, end=date(2023, 3, 31))})
    after = changed.model_copy(update={"period": Period(start=date(2023, 4, 1), end=changed.period.end)})
    rules = tuple(after if rule is changed else rule for rule in regulation.rules)
    books = (notice, replace(regulation, rules=rules, earlier=(before,)))
    as_of = AsOf.parse("2024-03-31")
    calendar = calendar_for(*calendar_span(books, as_of))

    def judge(some: Sequence[Book], events: pa.Table) -> pa.Table:
        return evaluate(events, some, registry, as_of, calendar)

    kinds = [{event for rule in book.rules for event in seen_types(cast("KindRule", rule))} for book in books]
    alone = sorted(kinds[1] - kinds[0])
    at = datetime(2023, 5, 8)
    found = [
        Event(f"e{number}", kind, registry.units[0].id, f"甲{number}", at, timed=False, recorded_at=at, where=EMPTY)
        for number, kind in enumerate(alone)
    ]
    village = {"topics": ("village_affairs",)}  # a duty that is judged year by year, beside a rule with versions
    found.append(
        replace(found[0], id=f"e{len(alone)}", type="column.opened", unit="buji", subject="村务", data=village)
    )
    log = table_of(found, load_vocabulary())
    for one in range(len(found)):
        rest = log.filter(pc.not_equal(log["id"], f"e{one}"))
        new = pa.array([f"e{one}"])
        table, _ = judge_again(judge(books, rest), log, new, County(registry, books), judge)
        assert bytes_of(table) == bytes_of(judge(books, log)), found[one].type


def test_an_entry_touches_the_rules_to_which_it_can_matter() -> None:
    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    assert registry is not None
    books, _ = load_books(("jinxiang-2023",), KINDS, vocabulary=load_vocabulary(), registry=registry)
    county = County(registry, tuple(books))
    filing = {rule.id for book in books for rule in book.versions() if rule.kind == "never"}
    at = datetime(2023, 9, 1)

    def published(subject: str, *topics: str, number: int = 0) -> Event:
        data = {"topics": topics} if topics else {}
        kind = "information.published" if number == 0 else "policy.issued"
        return Event(
            f"e{number}", kind, "minzheng", subject, at, timed=False, recorded_at=at, where=EMPTY, data=dict(data)
        )

    def rules(*log: Event) -> set[str]:
        found = touched(table_of(list(log), load_vocabulary()), pa.array(["e0"]), county)
        return {rule for _, rule in found.own | found.beyond} - filing

    assert rules(published("甲")) == {"10.1.review-first"}
    assert rules(published("甲", "3.2")) == {"10.1.review-first"}, "three other units owe 3.2"
    assert rules(published("乙"), published("甲", "1.2", number=1)) == {"10.1.review-first"}
    assert rules(published("甲"), published("甲", "1.2", number=1)) > {"10.1.review-first", "1.2.published"}
    assert rules(published("甲", "elderly_care")) == {"10.1.review-first", "11.1.six-matters", "11.1.targeted"}
