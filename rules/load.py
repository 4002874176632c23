"""Reading a rulebook: its rules validated, its readings chosen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from events.problems import Problem, Text, Where, did_you_mean, has_errors, sort_problems, suggestion
from rules.book import BOOK_READINGS
from rules.loading.kept import in_readings, packaged_book
from rules.loading.packaged import BOOKS, find_book, packaged_books

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from events.vocabulary import Vocabulary
    from rules.book import Book, BookReadings, RuleReadings
    from rules.model import Rule
    from rules.units import Registry

__all__ = ["find_book", "load_book", "load_books", "packaged_books"]

CASES = "cases"
"""The folder of a book's cases."""

TOLD = frozenset({"always-true", "stale-title", "unusual-value"})
"""Warnings about a book that a run tells too: verdicts may not be what the book's author thinks."""


SHOWN = 5
"""How many proposed rules a problem names."""


def load_book(
    folder_or_name: str | Path,
    kinds: Sequence[type[Rule]],
    *,
    readings: Mapping[str, str] | None = None,
    vocabulary: Vocabulary | None = None,
    registry: Registry | None = None,
) -> tuple[Book | None, tuple[Problem, ...]]:
    """Read a rulebook.

    Args:
        folder_or_name: a folder, or the name of a rulebook that comes with the product.
        kinds: the models of the kinds of rule.
        readings: the reading to use, by rule id; the default of a rule that is not named.
        vocabulary: the event types that rules may name, to check them.
        registry: the units that rules may name, to check them.

    Returns:
        The book, None where it is unusable, and everything that is wrong with it.
    """
    books, problems = load_books(
        [folder_or_name], kinds, readings=readings or {}, vocabulary=vocabulary, registry=registry
    )
    return (books[0] if books else None), problems


def load_books(  # noqa: PLR0913 - everything that a book is looked at by, by name
    names: Sequence[str | Path],
    kinds: Sequence[type[Rule]],
    *,
    readings: Mapping[str, str] | None = None,
    vocabulary: Vocabulary | None = None,
    registry: Registry | None = None,
    with_proposals: bool = False,
) -> tuple[tuple[Book, ...], tuple[Problem, ...]]:
    """Read several rulebooks that are evaluated together.

    Args:
        names: folders, or names of rulebooks that come with the product.
        kinds: the models of the kinds of rule.
        readings: the reading to use, by rule id, for rules of any of the books.
        vocabulary: the event types that rules may name, to check them.
        registry: the units that rules may name, to check them.
        with_proposals: whether a book may have proposed rules that nobody has taken over; else they are an error.

    Returns:
        The usable books in the order asked for, and everything that is wrong with any of them.
    """
    wanted = dict(readings or {})
    problems: list[Problem] = []
    loaded: list[BookReadings] = []
    for name in names:
        folder, wrong = find_book(name)
        problems += wrong
        found, wrong = _read(folder, kinds, vocabulary, registry) if folder else (None, ())
        problems += wrong
        if found is not None:
            problems += _proposed(str(name), found.rules, allowed=with_proposals)
            loaded.append(found)
    problems += _check_wanted(wanted, loaded)
    if has_errors(problems):
        return (), sort_problems(problems)
    return tuple(book.choose(wanted) for book in loaded), sort_problems(problems)


def _proposed(name: str, rules: Sequence[RuleReadings], *, allowed: bool) -> list[Problem]:
    """Return the problem of a book with proposals that nobody has taken over: a warning where they are allowed."""
    left = [loaded.rule.id for loaded in rules if loaded.rule.status is not None]
    if not left:
        return []
    shown = "、".join(left[:SHOWN]) + ("…" if len(left) > SHOWN else "")
    fact = Text(
        f"规则库“{name}”还有{len(left)}条拟议的规则没有定下：{shown}",
        f"{len(left)} proposed rules of {name!r} have not been taken over: {shown}",
    )
    cure = Text(
        "逐条核对后用 gongkai rules accept 定下，或者加上 --with-proposals 试算",
        "Look at each and take it over with gongkai rules accept, or try them with --with-proposals",
    )
    return [Problem("proposals-left", Where(name), fact, cure, severity="warning" if allowed else "error")]


def _read(
    folder: Path, kinds: Sequence[type[Rule]], vocabulary: Vocabulary | None, registry: Registry | None
) -> tuple[BookReadings | None, tuple[Problem, ...]]:
    """Read a book; one that does not come with the product is looked over whole, so that what passes also runs."""
    if folder.parent == BOOKS:
        return packaged_book(folder, kinds, vocabulary)
    from rules.lint.whole_book import look_over  # noqa: PLC0415 (the product's own books do without)

    draft, rules, problems = look_over(folder, kinds, vocabulary, registry)
    told = (one for one in problems if one.severity == "error" or one.code in TOLD)
    # cases are run by `rules test` alone, with the units of the book's own county
    problems = tuple(one for one in told if Path(one.where.file).parent.name != CASES)
    return (in_readings(draft, rules) if draft is not None else None), problems


def _check_wanted(wanted: Mapping[str, str], books: Sequence[BookReadings]) -> list[Problem]:
    """Return a problem for every chosen reading that no rule has."""
    written = {name for book in books for name in book.written}
    known = {loaded.rule.id: loaded for book in books for loaded in book.rules}
    names = {book.bare.id for book in books}
    problems: list[Problem] = []
    for rule, reading in wanted.items():
        if rule in names and rule not in known:
            problems += _check_book_reading(rule, reading)
        elif rule in known:
            problems += _check_reading(known[rule], reading)
        elif rule not in written and books:
            fact = Text(f"没有规则“{rule}”", f"there is no rule {rule!r}")
            cure = suggestion(did_you_mean(rule, written), Text("请核对规则编号", "Check the rule's id"))
            problems.append(Problem("unknown-rule", Where(f"{rule}={reading}"), fact, cure, rule))
    return problems


def _check_book_reading(book: str, reading: str) -> tuple[Problem, ...]:
    """Return the problem of a chosen reading that no book has."""
    if reading in BOOK_READINGS:
        return ()
    fact = Text(f"规则集没有解读“{reading}”", f"a book has no reading {reading!r}")
    otherwise = Text(f"可用：{'、'.join(BOOK_READINGS)}", f"It has {', '.join(BOOK_READINGS)}")
    cure = suggestion(did_you_mean(reading, BOOK_READINGS), otherwise)
    return (Problem("unknown-reading", Where(f"{book}={reading}"), fact, cure, reading),)


def _check_reading(loaded: RuleReadings, reading: str) -> tuple[Problem, ...]:
    """Return the problem of a chosen reading that the rule does not have."""
    rule = loaded.rule.id
    where = Where(f"{rule}={reading}")
    if not loaded.default:
        fact = Text(f"规则 {rule} 没有多种解读", f"the rule {rule} has one reading only")
        return (Problem("unknown-reading", where, fact, Text("请去掉这个选择", "Leave it out"), reading),)
    if reading in loaded.readings:
        return ()
    fact = Text(f"规则 {rule} 没有解读“{reading}”", f"the rule {rule} has no reading {reading!r}")
    names = sorted(loaded.readings)
    otherwise = Text(f"可用：{'、'.join(names)}", f"It has {', '.join(names)}")
    return (Problem("unknown-reading", where, fact, suggestion(did_you_mean(reading, names), otherwise), reading),)
