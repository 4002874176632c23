"""Rulebooks that come with the product, recalled as an earlier process kept them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from engine.kinds import KINDS
from events.problems import Text
from events.vocabulary import product_vocabulary
from rules import load
from rules.load import load_books
from rules.loading import kept, packaged, resolved
from rules.loading.packaged import packaged_books
from rules.loading.registry import load_registry, packaged_registry
from rules.model import Model
from tests.rules.small_book import READINGS, RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rules.book import Book

WORDS = product_vocabulary()
CHOSEN = {"3.10.training": "twice"}


@pytest.fixture(autouse=True)
def folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Keep in a folder of the test's own, and remember nothing of another test."""
    cache = tmp_path_factory.mktemp("kept") / "cache"
    monkeypatch.setenv("GONGKAI_CACHE", str(cache))
    kept._recalled.cache_clear()
    yield cache
    kept._recalled.cache_clear()


@pytest.fixture
def small(book_folder: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a small rulebook that comes with the product, for the test."""
    book = book_folder(RULES + READINGS)
    for module in (kept, load, packaged, resolved):
        monkeypatch.setattr(module, "BOOKS", book.parent)
    return book


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return the folders of the books that were made of their files."""
    found: list[Path] = []
    make = resolved.load_rules

    def seen(folder: Path, *rest: object) -> object:
        found.append(folder)
        return make(folder, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(resolved, "load_rules", seen)
    return found


def entries(folder: Path) -> list[Path]:
    return sorted(folder.glob("kept-*.json"))


def loaded(name: str = "small-2023") -> Book:
    """Return the book as a new process has it."""
    kept._recalled.cache_clear()
    (book,), problems = load_books((name,), KINDS, readings=CHOSEN if name == "small-2023" else {}, vocabulary=WORDS)
    assert not problems
    return book


def same(one: object, other: object) -> None:
    """Check that two values are the same in every part, its type and the order of its parts included."""
    assert type(one) is type(other)
    if isinstance(one, Model) and isinstance(other, Model):
        assert one.model_fields_set == other.model_fields_set
        same(one.__dict__, other.__dict__)
    elif is_dataclass(one):
        same([getattr(one, part.name) for part in fields(one)], [getattr(other, part.name) for part in fields(one)])
    elif isinstance(one, dict) and isinstance(other, dict):
        same([*one.items()], [*other.items()])
    elif isinstance(one, list | tuple) and isinstance(other, list | tuple):
        assert len(one) == len(other)
        for part, counterpart in zip(one, other, strict=True):
            same(part, counterpart)
    else:
        assert one == other


@pytest.mark.parametrize("name", packaged_books())
def test_a_recalled_book_is_the_book_in_every_part(name: str, made: list[Path]) -> None:
    before = loaded(name)
    again = loaded(name)
    assert len(made) == 1
    assert again is not before
    same(again, before)
    rules, known = again.versions(), before.versions()
    assert [one.model_dump_json() for one in rules[:40]] == [one.model_dump_json() for one in known[:40]]
    assert [one.selectors() for one in rules] == [one.selectors() for one in known]
    assert rules[0].model_copy(update={"duty": "a"}) == known[0].model_copy(update={"duty": "a"})


def test_what_comes_with_the_product_builds_on_nothing_else() -> None:
    """What a book is made of is told by the files of the books that come with the product."""
    for book in packaged.BOOKS.glob("*/book.yaml"):
        assert kept._is_whole(resolved.load_rules(book.parent, KINDS)[0] or pytest.fail(str(book)))


def test_readings_are_chosen_from_what_was_kept(small: Path, made: list[Path]) -> None:
    for readings in ({}, {"3.10.training": "once"}, CHOSEN, {"small-2023": "from-issue"}):
        (book,), _ = load_books((small,), KINDS, readings=readings, vocabulary=WORDS)
        assert getattr(book.rules[0], "at_least", 0) == (2 if readings == CHOSEN else 1)
        assert book.reading == readings.get("small-2023", "whole-year")
    assert len(made) == 1


def test_wrong_readings_are_told_as_without_what_was_kept(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {"3.10.training": "thrice", "3.10.trainings": "once", "small-2023": "from-isue"}
    load_books((small,), KINDS, vocabulary=WORDS)
    told = load_books((small,), KINDS, readings=wrong, vocabulary=WORDS)
    monkeypatch.setenv("GONGKAI_CACHE", "off")
    assert told == load_books((small,), KINDS, readings=wrong, vocabulary=WORDS)
    assert len(told[1]) == len(wrong)


@pytest.mark.parametrize("file", ["book.yaml", "rules.yaml", "source.txt", "more.yaml", "vocabulary.yaml"])
def test_another_file_is_another_book(small: Path, made: list[Path], file: str) -> None:
    loaded()
    path = small / file
    path.write_text(path.read_text(encoding="utf-8") if path.exists() else "", encoding="utf-8")
    more = {"more.yaml": RULES.replace("3.10.training", "3.1.more"), "vocabulary.yaml": "ignored: [甲乙]\n"}
    with path.open("a", encoding="utf-8") as stream:
        stream.write(more.get(file, "\n" if file == "source.txt" else "# a remark\n"))
    loaded()
    assert len(made) == 2


def test_other_words_and_other_kinds_make_another_book(small: Path, folder: Path) -> None:
    types = {**WORDS.types, "training.held": replace(WORDS.types["training.held"], label=Text("培训", "training"))}
    for words in (WORDS, None, replace(WORDS, types=types)):
        load_books((small,), KINDS, vocabulary=words)
    load_books((small,), KINDS[:-1], vocabulary=WORDS)
    assert len(entries(folder)) == 4


@pytest.mark.usefixtures("small")
def test_other_code_makes_another_book(made: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded()
    for number, place in enumerate(("rules/model.py", "rules/loading/words.py", "engine/time/durations.py")):
        code = next(one for one in kept.makers(KINDS) if Path(one).as_posix().endswith(place))
        changed = tmp_path / f"{number}.py"
        changed.write_text(Path(code).read_text(encoding="utf-8") + "# changed", encoding="utf-8")
        with monkeypatch.context() as patched:
            others = tuple(str(changed) if one == code else one for one in kept.makers(KINDS))
            patched.setattr(kept, "makers", lambda _, others=others: others)
            loaded()
    assert len(made) == 4


def test_a_book_with_warnings_or_errors_is_told_anew(small: Path, folder: Path, made: list[Path]) -> None:
    (small / "rules.yaml").write_text(RULES + "    at_leats: 2\n", encoding="utf-8")
    told = [load_books((small,), KINDS, vocabulary=WORDS)[1] for _ in range(2)]
    assert told[0] == told[1] != ()
    assert len(made) == 2
    assert not entries(folder)


def forged(value: object) -> bytes:
    body = json.dumps(value).encode()
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"cos\nsystem\n(S'touch ran'\ntR.",
        forged({"": "os.system", "value": "touch ran"}),
        forged({"": "builtins.exec", "value": "open('ran', 'w')"}),
        forged({"": "subprocess.Popen", "args": ["touch", "ran"]}),
        forged({"": "rules.book.BookReadings", "bare": 1}),
        forged({"": "events.problems.Text", "zh": "a", "en": "b"}),
        forged("text"),
    ],
)
def test_what_is_damaged_or_forged_is_passed_over_and_made_anew(
    small: Path, folder: Path, made: list[Path], damage: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(small.parent)
    before = loaded()
    (entry,) = entries(folder)
    entry.write_bytes(damage)
    assert loaded() == before
    assert len(made) == 2
    assert not Path("ran").exists()
    assert loaded() == before
    assert len(made) == 2


def test_without_what_was_kept_nothing_is_written(
    small: Path, folder: Path, made: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGKAI_CACHE", "off")
    assert loaded().id == small.name
    loaded()
    assert len(made) == 2
    assert not folder.exists()


def test_units_are_recalled_as_they_were(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path(shutil.copy(packaged_registry(), tmp_path / "units.yaml"))
    before, _ = load_registry(path)
    again, problems = load_registry(path)
    assert not problems
    assert len(entries(folder)) == 1
    same(again, before)
    monkeypatch.setenv("GONGKAI_CACHE", "off")
    same(load_registry(path)[0], before)
    assert again is not None
    assert before is not None
    assert again.find("民政局") == before.find("民政局") is not None
    path.write_text(
        path.read_text(encoding="utf-8").replace("name: 县民政局", "name: 县民政和养老局"), encoding="utf-8"
    )
    changed, _ = load_registry(path)
    assert changed is not None
    assert changed.find("县民政和养老局") is not None


def test_every_module_that_makes_a_book_is_among_those_that_name_its_entry() -> None:
    code = """
import json, sys
from engine.kinds import KINDS
from rules.load import load_books
from events.vocabulary import load_vocabulary
assert load_books(("regulation-2019",), KINDS, vocabulary=load_vocabulary())[0]
from rules.loading.kept import makers
own = {one.__file__ for name, one in sys.modules.items() if name.partition(".")[0] in {"rules", "events", "engine"}}
print(json.dumps(sorted(own - set(makers(KINDS)))))
"""
    environment = os.environ | {"GONGKAI_CACHE": "off"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    left = [Path(one).parts[-2:] for one in json.loads(done.stdout)]
    assert left == [("engine", "__init__.py")]
