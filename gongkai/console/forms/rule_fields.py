"""The keys of a rule as a form asks for them: taken from the model of its kind, named by `rule_fields.yaml`."""

from __future__ import annotations

import types
import typing
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import yaml

from engine.kinds import KINDS
from gongkai.console.forms.event_form import FormField
from rules.model import Bilingual, Rule, Selector

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDS: Final = Path(__file__).with_name("rule_fields.yaml")


@cache
def form_words() -> Mapping[str, Any]:
    """Return the labels of the form."""
    found: Mapping[str, Any] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return found


@cache
def fields_of_kind(kind: str) -> tuple[FormField, ...]:
    """Return the keys of a kind that the form asks for; none of a kind that there is not."""
    model = next((one for one in KINDS if typing.get_args(one.model_fields["kind"].annotation) == (kind,)), None)
    if model is None:
        return ()
    found = []
    for name, info in model.model_fields.items():
        if name in Rule.model_fields or name == "on":
            continue
        words = form_words()["fields"].get(name, {})
        sort, options = _sort(info.annotation)
        if name == "by" and sort == "choice":  # whose records count; another kind has a day of this name
            words = form_words()["fields"]["by_unit"]
        label, hint = words.get("label", name), "" if sort == "choice" else words.get("hint", "")
        found.append(FormField(name, label, hint, sort, options, info.is_required()))
    return tuple(sorted(found, key=lambda one: (one.sort == "yaml", not one.needed)))


def _sort(annotation: object) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return how a value of a type is asked for, and what there is to choose from."""
    parts = typing.get_args(annotation)
    origin = typing.get_origin(annotation)
    if origin in {typing.Union, types.UnionType}:
        own = [one for one in parts if one is not type(None)]
        return _sort(own[0]) if len(own) == 1 else ("yaml", ())
    if origin is typing.Annotated:
        return _sort(parts[0])
    if origin is Literal:
        words = form_words()["words"]
        return "choice", tuple((str(one), words.get(one, str(one))) for one in parts)
    if origin is tuple:
        plain = parts and (parts[0] is str or typing.get_args(parts[0])[:1] == (str,))
        return ("words", ()) if plain else ("yaml", ())
    simple = {Selector: "event", Bilingual: "text", bool: "yes-no", int: "number", float: "number", date: "day"}
    sort = simple.get(annotation) if isinstance(annotation, type) else None
    return sort or ("text" if annotation is str else "yaml"), ()
