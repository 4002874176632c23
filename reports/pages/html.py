"""The pages: an overview, the clauses, and a page a unit; each is one file that needs no network and no script."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from reports.output.languages import joined, long_date, number, share, translations
from reports.output.names import page_name
from reports.output.texts import MEANING, MODALITY, PAGE, SECTIONS, SIGNS, STATUS, WORST_FIRST
from reports.pages.anchors import anchor
from reports.pages.clause_page import clauses_page
from reports.pages.overview import overview
from reports.pages.unit_page import unit_page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from events.problems import Lang
    from reports.pages.to_see import ToSeeTo
    from reports.run.evaluation import Evaluation
    from reports.scoring.scores import Scoring

TEMPLATES = Path(__file__).parents[1] / "templates"


@cache
def environment(lang: Lang = "zh") -> Environment:
    """Return the templates in one language; everything put into them is escaped."""
    made = Environment(
        loader=PackageLoader("reports"),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.install_gettext_translations(translations(lang), newstyle=True)  # type: ignore[attr-defined]
    made.filters["number"] = lambda value: number(value, lang)
    made.filters["share"] = lambda value: share(value, lang)
    made.filters["long_date"] = lambda day: long_date(day, lang)
    made.filters["joined"] = lambda texts: joined(list(texts), lang)
    made.filters["each"] = each
    made.filters["page"] = page_name
    made.globals |= {"script": _script, "script_hash": _script_hash, "anchor": anchor} | words(lang)
    return made


def each(lines: Sequence[str], before: str = "", after: str = "") -> Markup:
    """Return texts one after another, escaped, each between two pieces of a page.

    A county's pages have tens of thousands of such lines; escaped all at once they take a third of the time.
    """
    whole = "\n".join(lines)
    if not lines or whole.count("\n") >= len(lines):  # there are none, or one has a line feed of its own
        return Markup("").join(Markup(before) + line + Markup(after) for line in lines)  # noqa: S704 - ours
    return Markup(before + str(escape(whole)).replace("\n", after + before) + after)  # noqa: S704 - escaped


@cache
def _code(name: str) -> str:
    """Return the script of this name."""
    return (TEMPLATES / f"{name}.js").read_text(encoding="utf-8")


def _script(name: str) -> Markup:
    """Return a script as a page has it, the product's own and whole."""
    return Markup("<script>{}</script>").format(Markup(_code(name)))  # noqa: S704 - a file of the product


def _script_hash(name: str) -> str:
    """Return what lets this script run and no other: the source that a content security policy names."""
    return "sha256-" + base64.b64encode(hashlib.sha256(_code(name).encode()).digest()).decode()


def words(lang: Lang) -> dict[str, object]:
    """Return what every page says, in one language."""
    return {
        "lang": {"zh": "zh-CN", "en": "en"}[lang],
        "t": {name: text.in_(lang) for name, text in PAGE.items()},
        "status_words": {name: text.in_(lang) for name, text in STATUS.items()},
        "meaning": {name: text.in_(lang) for name, text in MEANING.items()},
        "modality": {name: text.in_(lang) for name, text in MODALITY.items()},
        "sections": {name: text.in_(lang) for name, text in SECTIONS.items()},
        "said": lambda text: text.in_(lang),
        "comma": {"zh": "、", "en": ", "}[lang],
        "signs": SIGNS,
        "worst_first": WORST_FIRST,
    }


def render(template: str, lang: Lang, content: Mapping[str, object]) -> str:
    """Return a page."""
    return environment(lang).get_template(template).render(content)


def write_pages(
    evaluation: Evaluation,
    scoring: Scoring | None,
    folder: Path,
    to_see: ToSeeTo | None = None,
    kept: Mapping[str, bytes] | None = None,
) -> None:
    """Write `index.html`, `clauses.html` and `units/<id>.html`.

    Args:
        evaluation: the verdicts.
        scoring: the scores, or None.
        folder: where the pages go.
        to_see: what the units can do about their open duties, by obligation.
        kept: pages of units that are not made but written as they are, by unit.
    """
    lang = evaluation.lang
    kept = kept or {}
    (folder / "units").mkdir()
    pages = {"index.html": ("index.html.j2", overview(evaluation, scoring))}
    pages["clauses.html"] = ("clauses.html.j2", clauses_page(evaluation))
    for part in evaluation.units:
        if part.unit.id in kept:
            (folder / "units" / page_name(part.unit.id)).write_bytes(kept[part.unit.id])
            continue
        # the registry lets ids be lower-case letters, digits and hyphens only
        pages[f"units/{page_name(part.unit.id)}"] = ("unit.html.j2", unit_page(evaluation, part, scoring, to_see))
    for name, (template, content) in pages.items():
        text = render(template, lang, {"evaluation": evaluation, **content})
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
