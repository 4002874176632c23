from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from engine.kinds import KINDS
from reports.output.languages import CATALOGUES, joined, long_date, number, share
from rules.load import load_book
from rules.loading.registry import load_registry, packaged_registry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Path]

REPORTS = CATALOGUES.parent
CHINESE = re.compile(r"[㐀-鿿　-〿！-～]")


def words_of_templates() -> set[str]:
    found = extract_from_dir(
        REPORTS,
        method_map=[("**/templates/**.j2", "jinja2")],
        options_map={"**/templates/**.j2": {"newstyle_gettext": "true", "trimmed": "true"}},
    )
    return {message[0] if isinstance(message, tuple) else message for _, _, message, _, _ in found}


def test_the_catalogue_has_every_word_of_the_templates_and_no_other() -> None:
    with (CATALOGUES / "en.po").open("rb") as file:
        catalogue = read_po(file, locale="en")
    entries = {message.id[0] if isinstance(message.id, tuple) else message.id: message for message in catalogue}
    entries.pop("")
    assert entries.keys() == words_of_templates()
    for message in entries.values():
        texts = [message.string] if isinstance(message.string, str) else list(message.string or ())
        assert all(texts), message.id
        assert not any(CHINESE.search(text) for text in texts), message.id
        assert not message.fuzzy, message.id


def test_no_template_has_chinese_outside_the_catalogue() -> None:
    for template in (REPORTS / "templates").glob("*.j2"):
        text = re.sub(r'(_|ngettext)\(("[^"]*",? ?)+', "", template.read_text(encoding="utf-8"))
        assert CHINESE.findall(text.replace("＊", "")) == [], template.name


class Texts(HTMLParser):
    """Collects what a page says outside the words of the document and the log."""

    def __init__(self) -> None:
        super().__init__()
        self.skipped = 0
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"blockquote", "q", "style", "script", "title", "h1"}:
            self.skipped += 1
        self.found += [value for name, value in attrs if name in {"placeholder", "data-text"} and value]

    def handle_endtag(self, tag: str) -> None:
        if tag in {"blockquote", "q", "style", "script", "title", "h1"}:
            self.skipped -= 1

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.found.append(data)


def recorded_words() -> re.Pattern[str]:
    """Return a pattern of the names and words of the documents, which no page translates."""
    registry, _ = load_registry(packaged_registry())
    book, _ = load_book("jinxiang-2023", KINDS)
    assert registry is not None
    assert book is not None
    words = {name for unit in registry.units for name in (unit.name, *unit.aliases)} | {registry.name}
    words |= {word for clause in book.clauses for word in (clause.section, *clause.lead)}
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(
        "|".join(
            [r"\w+〔\d{4}〕\d+号", "“.*?”", r"'[^']*'", "免|＊|看|山阳附小|王杰中学", *map(re.escape, longest_first)]
        )
    )


def test_an_english_page_says_nothing_in_chinese_but_names_quotes_and_records(run: Run) -> None:
    folder, recorded = run("--lang", "en"), recorded_words()
    for name in ("index.html", "units/minzheng.html"):
        parser = Texts()
        parser.feed((folder / name).read_text(encoding="utf-8"))
        assert len(parser.found) > 200
        assert [text for text in parser.found if CHINESE.search(recorded.sub("", text))] == []


def test_figures_and_dates_are_those_of_the_language() -> None:
    day = date(2023, 12, 31)
    assert (long_date(day, "zh"), long_date(day, "en")) == ("2023年12月31日", "31 December 2023")
    assert (number(4189, "zh"), number(92.349, "en")) == ("4,189", "92.35")
    assert share(0.934, "zh") == "93.4%"
    assert (joined(["甲", "乙"], "zh"), joined(["A", "B", "C"], "en")) == ("甲和乙", "A, B and C")
