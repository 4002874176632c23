"""The headline rules in Polars, as somebody writes them who needs these and no others."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl
from polars import col, lit
from work import CALENDAR, EVENTS, UNITS, run

if TYPE_CHECKING:
    from pathlib import Path

MOMENT, DAY = datetime(2023, 12, 31, 23, 59, 59, 999999), date(2023, 12, 31)
START, STOP = date(2023, 1, 1), date(2023, 12, 31)
ISSUED = date(2023, 7, 14)
ALMOST = timedelta(days=1) - timedelta(microseconds=1)
ELEMENTS = ("collected", "adopted", "reasons")
TYPES = (
    "decision.issued",
    "consultation.feedback_published",
    "training.held",
    "executive_meeting.attended",
    "information.published",
    "review.completed",
)
NONE = lit(None, pl.String)
TEXT = "%Y-%m-%d"


def standing(events: pl.LazyFrame) -> pl.LazyFrame:
    """Return the entries of the rules' types that stand as of the moment."""
    known = events.filter(col("recorded_at") <= MOMENT)
    gone = known.select(pl.coalesce("corrects", "retracts").alias("id")).drop_nulls()
    day = col("occurred_at").dt.date()
    return (
        known.filter((col("occurred_at") <= MOMENT) & col("retracts").is_null() & col("type").is_in(TYPES))
        .join(gone, on="id", how="anti")
        .with_columns(
            day.alias("day"),
            pl.when("timed").then("occurred_at").otherwise(day.cast(pl.Datetime("us")) + ALMOST).alias("latest"),
            pl.coalesce("corrects", "id").alias("root"),
        )
    )


def day_text(name: str) -> pl.Expr:
    """Return a day as the sentences have it."""
    return col(name).dt.strftime(TEXT)


def covered(events: pl.LazyFrame, decisions: pl.LazyFrame) -> pl.LazyFrame:
    """Return, for each decision that has any, the elements that are covered, by which events and when the last was."""
    answers = (
        events.filter(col("type") == "consultation.feedback_published")
        .select("unit", "subject", "latest", at="occurred_at", event="id", element="data.covers")
        .explode("element")
        .filter(col("element").is_in(ELEMENTS))
    )
    firm = (
        decisions.select("id", "unit", "subject", "occurred_at")
        .join(answers, on=["unit", "subject"])
        .filter(col("latest") >= col("occurred_at"))
        .group_by("id", "element")
        .agg(pl.struct("at", "event").sort_by("at", "event").first().alias("first"))
        .unnest("first")
    )
    return firm.group_by("id").agg(
        measured=pl.len(), done_at=col("at").max(), acts=col("event").unique(), found=col("element")
    )


def feedback(events: pl.LazyFrame, calendar: pl.LazyFrame, units: pl.LazyFrame) -> pl.LazyFrame:
    """Return the verdicts of 8.2: the three elements within three working days of a decision that was consulted on."""
    working = calendar.filter("working").select(due_on="day", due_ordinal="ordinal", announced="announced")
    decisions = (
        events.filter((col("type") == "decision.issued") & col("data.consulted") & col("day").is_between(START, STOP))
        .join(units.filter(col("rule") == "8.2.feedback"), on="unit")
        .join(calendar.select("day", "ordinal"), on="day")
        .join(working, left_on=col("ordinal") + 3, right_on="due_ordinal", how="inner", coalesce=False)
        .select(
            "id", "root", "unit", "unit_name", "subject", "day", "occurred_at", "due_on", "due_ordinal", "announced"
        )
    )
    summed = covered(events, decisions)
    limit = col("due_on").cast(pl.Datetime("us")) + ALMOST
    ordinals = calendar.select(end="day", end_ordinal="ordinal")
    rows = (
        decisions.join(summed, on="id", how="left")
        .with_columns(col("measured").fill_null(0))
        .with_columns(done_at=pl.when(col("measured") == len(ELEMENTS)).then("done_at"))
        .with_columns(
            met_on=col("done_at").dt.date(),
            status=pl.when(col("done_at") <= limit)
            .then(lit("met"))
            .when(col("done_at").is_not_null())
            .then(lit("late"))
            .when(lit(MOMENT) >= limit)
            .then(lit("violated"))
            .otherwise(lit("pending")),
        )
        .with_columns(end=col("met_on").fill_null(DAY))
        .join(ordinals, on="end")
        .with_columns(overdue=(col("end_ordinal") - col("due_ordinal")).cast(pl.String), missing=missing())
    )
    return rows.select(
        rule=lit("8.2.feedback"), clause=lit("8.2"), unit="unit", unit_name="unit_name", key="root", subject="subject",
        opened_on="day", due_on="due_on", met_on="met_on", status="status", required=lit(3.0),
        measured=col("measured").cast(pl.Float64),
        evidence=pl.concat_list(col("id"), col("acts").fill_null([])).list.unique().list.sort(),
        trigger="id", provisional=~col("announced"), reading=NONE, reason=feedback_reason(),
    )  # fmt: skip


def missing() -> pl.Expr:
    """Return the elements that are missing, in one text."""
    wanted = lit(pl.Series([sorted(ELEMENTS)]))
    return wanted.list.set_difference(col("found").fill_null([])).list.sort().list.join("、")


def feedback_reason() -> pl.Expr:
    """Return the sentences of 8.2."""
    opened, due, met, none = day_text("day"), day_text("due_on"), day_text("met_on"), col("measured") == 0
    is_ = {status: col("status") == status for status in ("met", "late", "violated")}
    late = pl.format("{}触发，期限{}，{}才完成，逾期{}个工作日。", opened, due, met, col("overdue"))
    over = "{}触发，期限{}已过，截至{}没有完成的记录，逾期{}个工作日。"
    return (
        pl.when(is_["met"])
        .then(pl.format("{}触发，期限{}，{}完成。", opened, due, met))
        .when(is_["late"])
        .then(late)
        .when(is_["violated"] & none)
        .then(pl.format(over, opened, due, lit(str(DAY)), col("overdue")))
        .when(is_["violated"])
        .then(pl.format("{}触发，期限{}已过，内容不全，缺：{}。", opened, due, col("missing")))
        .otherwise(pl.format("{}触发，期限{}未过，还缺：{}。", opened, due, col("missing")))
    )


def counted(
    events: pl.LazyFrame, units: pl.LazyFrame, rule: tuple[str, str, int, str | None], thing: pl.Expr
) -> pl.LazyFrame:
    """Return the verdicts of a count: so many things within the year.

    Args:
        events: what counts.
        units: who owes what.
        rule: its id, clause, bound and reading.
        thing: what is counted once.
    """
    name, clause, least, reading = rule
    first = pl.struct(at="occurred_at", event="id").sort_by("occurred_at", "id").first().alias("first")
    totals = (
        events.filter(col("day").is_between(START, STOP))
        .group_by("unit", thing.alias("thing"))
        .agg(first)
        .unnest("first")
        .sort("at", "event")
        .group_by("unit", maintain_order=True)
        .agg(count=pl.len(), reached=col("at").get(least - 1, null_on_oob=True).dt.date(), evidence=col("event").sort())
    )
    rows = units.filter(col("rule") == name).join(totals, on="unit", how="left").with_columns(col("count").fill_null(0))
    span, met = f"{START}至{STOP}应不少于{least}次，", col("count") >= least
    return rows.select(
        rule=lit(name), clause=lit(clause), unit="unit", unit_name="unit_name", key=lit("2023"), subject=NONE,
        opened_on=lit(START), due_on=lit(STOP), met_on="reached",
        status=pl.when(met).then(lit("met")).otherwise(lit("violated")), required=lit(float(least)),
        measured=col("count").cast(pl.Float64), evidence=col("evidence").fill_null([]), trigger=NONE,
        provisional=lit(value=False), reading=lit(reading, pl.String),
        reason=pl.when(met)
        .then(pl.format(span + "已记录{}次，{}达到。", col("count"), day_text("reached")))
        .otherwise(pl.format(span + "只记录{}次。", col("count"))),
    )  # fmt: skip


def versions_of(acts: pl.LazyFrame) -> pl.LazyFrame:
    """Return the publications on a subject, each with the first of its version: the same text in another channel."""
    key = ["unit", "subject"]
    media = col("data.media").list.sort().list.join("+").fill_null("")
    return (
        acts.filter(col("subject").is_not_null())
        .sort("latest", "id")
        .with_columns(version=col("id").cum_count().over([*key, media]))
        .with_columns(lead=col("id").first().over([*key, "version"]))
    )


def served(reviews: pl.LazyFrame, versions: pl.LazyFrame) -> pl.LazyFrame:
    """Return which review serves each first publication of a version, by its place among those of the subject."""
    key = ["unit", "subject"]
    timeline = pl.concat(
        [
            reviews.select(*key, "id", "at", act=lit(0)),
            versions.filter(col("id") == col("lead")).select(*key, "id", at="latest", act=lit(1)),
        ]
    ).sort("at", "act", "id")
    return (
        timeline.with_columns(befores=(1 - col("act")).cum_sum().over(key), number=col("act").cum_sum().over(key))
        .filter(col("act") == 1)
        .with_columns(lack=pl.min_horizontal(lit(0), (col("befores") - col("number")).cum_min().over(key)))
        .with_columns(served=col("lack") == col("lack").shift(1, fill_value=0).over(key))
        .select("id", *key, "befores", place=pl.when("served").then(col("number") + col("lack")))
    )


def too_late(acts: pl.LazyFrame, reviews: pl.LazyFrame) -> pl.LazyFrame:
    """Return the first review after each publication, by its day and id."""
    key = ["unit", "subject"]
    return (
        acts.select("id", *key, "latest")
        .join(reviews.select(*key, "at", late="id"), on=key)
        .filter(col("at") > col("latest"))
        .sort("at", "late")
        .group_by("id")
        .agg(late_on=day_text("at").first(), late=col("late").first())
    )


def review_reason() -> pl.Expr:
    """Return the sentences of 10.1."""
    found, day = col("review").is_not_null(), day_text("day")
    behind = pl.format("（{} {}的记录晚于办理，不算在先）", col("late_on"), col("late"))
    said = (
        pl.when(found)
        .then(pl.format("{}办理前已有在先的记录。", day))
        .when(col("befores") >= 1)
        .then(pl.format("{}办理时，在先的记录已用于同一事项的另一次办理，不能再用。", day))
        .otherwise(pl.format("{}办理时没有在先的记录。", day))
    )
    return said + pl.when(~found & col("late").is_not_null()).then(behind).otherwise(lit(""))


def reviewed(events: pl.LazyFrame, units: pl.LazyFrame) -> pl.LazyFrame:
    """Return the verdicts of 10.1: a review before each publication, each review for one version."""
    key = ["unit", "subject"]
    reviews = (
        events.filter((col("type") == "review.completed") & col("subject").is_not_null())
        .sort("occurred_at", "id")
        .select(*key, at="occurred_at", id="id", place=col("id").cum_count().over(key))
    )
    acts = events.filter(col("type") == "information.published")
    versions = versions_of(acts)
    rows = (
        acts.filter(col("day").is_between(START, STOP))
        .join(units.filter(col("rule") == "10.1.review-first"), on="unit")
        .join(versions.select("id", "lead"), on="id", how="left")
        .join(served(reviews, versions), left_on=["lead", *key], right_on=["id", *key], how="left", nulls_equal=True)
        .join(
            reviews.select(*key, col("place").cast(pl.Int64), review="id"),
            left_on=[*key, col("place").cast(pl.Int64)],
            right_on=[*key, "place"],
            how="left",
        )
        .join(too_late(acts, reviews), on="id", how="left")
    )
    found = col("review").is_not_null()
    return rows.select(
        rule=lit("10.1.review-first"), clause=lit("10.1"), unit="unit", unit_name="unit_name", key="root",
        subject="subject", opened_on="day", due_on="day", met_on=pl.when(found).then("day"),
        status=pl.when(found).then(lit("met")).otherwise(lit("violated")), required=lit(1.0),
        measured=found.cast(pl.Float64), evidence=pl.concat_list("id", "review").list.drop_nulls().list.sort(),
        trigger="id", provisional=lit(value=False), reading=NONE, reason=review_reason(),
    )  # fmt: skip


def idle(units: pl.LazyFrame, done: pl.LazyFrame) -> pl.LazyFrame:
    """Return the verdicts of the units that nothing obliged."""
    rest = units.join(done.select("rule", "unit").unique(), on=["rule", "unit"], how="anti")
    clause = pl.when(col("rule") == "8.2.feedback").then(lit("8.2")).otherwise(lit("10.1"))
    return rest.select(
        "rule", clause=clause, unit="unit", unit_name="unit_name", key=lit("none"), status=lit("not_applicable"),
        evidence=lit([], pl.List(pl.String)), provisional=lit(value=False), reason=lit("没有触发本项要求的记录。"),
    )  # fmt: skip


def judge(folder: Path, out: Path) -> None:
    """Write the verdicts of a folder's log."""
    needed = ["id", "type", "unit", "subject", "occurred_at", "timed", "recorded_at", "corrects", "retracts"]
    needed += ["data.consulted", "data.covers", "data.delegates", "data.media"]
    events = standing(pl.scan_parquet(folder / EVENTS).select(needed)).collect().lazy()
    calendar, units = pl.scan_parquet(folder / CALENDAR), pl.scan_parquet(folder / UNITS)
    attended = events.filter(
        (col("type") == "executive_meeting.attended") & (col("data.delegates") >= 1).fill_null(value=True)
    )
    meeting = pl.coalesce(lit("s") + col("subject"), lit("e") + col("id"))
    parts = [
        feedback(events, calendar, units),
        counted(events.filter(col("type") == "training.held"), units, ("N6.training", "N6", 1, None), col("id")),
        counted(attended, units, ("8.4.attendance", "8.4", 10, "departments"), meeting),
        reviewed(events, units),
    ]
    done = pl.concat(pl.collect_all(parts)).lazy()
    rows = pl.concat([done, idle(units, done)], how="diagonal")
    name = pl.concat_str(lit("jinxiang-2023"), "rule", "unit", "key", separator="/")
    rows.select(
        obligation=name, book=lit("jinxiang-2023"), rule="rule", clause="clause", modality=lit("must"), unit="unit",
        unit_name="unit_name", subject="subject", opened_on="opened_on", due_on="due_on", met_on="met_on",
        status="status", required="required", measured="measured", evidence="evidence", trigger="trigger",
        provisional="provisional", reading="reading", waiver=NONE,
        reason=col("reason") + pl.when(col("trigger").is_not_null() & (col("opened_on") < ISSUED))
        .then(lit(f"（发生在文件印发之日{ISSUED}以前）")).otherwise(lit("")),
    ).sort("obligation", "trigger").collect().write_parquet(out)  # fmt: skip


if __name__ == "__main__":
    run(judge)
