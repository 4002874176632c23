"""JSON Schemas of the YAML files, so that an editor checks and completes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic.json_schema import models_json_schema

from rules.cases import CaseFile
from rules.loading.dated import UNDATED
from rules.loading.draft import BookEntry
from rules.loading.resolved import kind_name
from rules.loading.vocabulary import VocabularyFile
from rules.units import CHOSEN_BY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import BaseModel

    from rules.model import Rule

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

_SCALARS: list[Schema] = [{"type": "boolean"}, {"type": "number"}, {"type": "string"}]


def rules_schema(kinds: Sequence[type[Rule]]) -> Schema:
    """Return the schema of a file of rules.

    Args:
        kinds: the models of the kinds of rule.

    Returns:
        A JSON Schema: one branch a kind, with the short forms that the loader accepts.
    """
    models = sorted(kinds, key=kind_name)
    references, schema = models_json_schema([(model, "validation") for model in models], by_alias=True)
    definitions: Schema = schema.get("$defs", {})
    branches: list[Schema] = []
    for model in models:
        reference = references[(model, "validation")]
        definition = definitions[reference["$ref"].rsplit("/", 1)[-1]]
        _loosen_rule(definition)
        _date_fields(definition)
        condition = {"required": ["kind"], "properties": {"kind": {"const": kind_name(model)}}}
        branches.append({"if": condition, "then": dict(reference)})
    _date_fields(definitions.get("Condition", {"properties": {}}))
    _any_word(definitions.get("Condition", {"properties": {}}))
    for name, short in _SHORT_FORMS.items():
        if name in definitions:
            definitions[name] = {"anyOf": [*short, _loosen_where(definitions[name])]}
    kind = {"enum": [kind_name(model) for model in models]}
    rule = {"type": "object", "required": ["kind"], "properties": {"kind": kind}, "allOf": branches}
    return {
        "$schema": DIALECT,
        "title": "gongkai rules",
        "type": "object",
        "additionalProperties": False,
        "required": ["rules"],
        "properties": {"rules": {"type": "array", "items": rule}},
        "$defs": definitions,
    }


def book_schema() -> Schema:
    """Return the schema of `book.yaml`."""
    return _schema_of(BookEntry, "gongkai rulebook")


def case_file_schema() -> Schema:
    """Return the schema of a case file."""
    return _schema_of(CaseFile, "gongkai cases")


def vocabulary_schema() -> Schema:
    """Return the schema of `vocabulary.yaml`, the words that a rulebook or a county adds."""
    return _schema_of(VocabularyFile, "gongkai vocabulary")


def _schema_of(model: type[BaseModel], title: str) -> Schema:
    """Return the schema of a model under a title."""
    return {"$schema": DIALECT, **model.model_json_schema(by_alias=True), "title": title}


_SHORT_FORMS: dict[str, list[Schema]] = {"Selector": [{"type": "string"}], "Condition": _SCALARS}


def _loosen_rule(definition: Schema) -> None:
    """Let a rule leave out its period, name one unit without a list, and choose units by attributes of the registry."""
    definition["required"] = [name for name in definition.get("required", []) if name != "period"]
    owed_by = definition["properties"]["owed_by"]
    chosen: Schema = {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": False,
        "properties": {name: {"type": "string"} for name in CHOSEN_BY},
    }
    one: Schema = {"anyOf": [{"type": "string"}, chosen]}
    several = {**owed_by, "items": one}
    definition["properties"]["owed_by"] = {"anyOf": [*one["anyOf"], several], "title": "Owed By"}


def _date_fields(definition: Schema) -> None:
    """Let every field that may change in time be a list of values, each with its days."""
    for name, field in definition["properties"].items():
        if name not in UNDATED:
            day = {"type": "string", "format": "date"}
            entry = {
                "type": "object",
                "required": ["value", "from"],
                "additionalProperties": False,
                "properties": {"value": field, "from": day, "to": day, "reason": {"type": "object"}},
            }
            definition["properties"][name] = {"anyOf": [field, {"type": "array", "minItems": 1, "items": entry}]}


def _any_word(definition: Schema) -> None:
    """Let `includes` name several words, of which any will do, and `excludes` a single one."""
    includes = definition["properties"].get("includes")
    if includes is not None:
        several = {"type": "array", "minItems": 1, "items": {"type": "string"}}
        definition["properties"]["includes"] = {"anyOf": [includes, several]}
    excludes = definition["properties"].get("excludes")
    if excludes is not None:
        definition["properties"]["excludes"] = {"anyOf": [{"type": "string"}, excludes]}


def _loosen_where(definition: Schema) -> Schema:
    """Let a selector give its one group of conditions without a list."""
    where = definition.get("properties", {}).get("where")
    if where is not None:
        definition["properties"]["where"] = {"anyOf": [where["items"], where], "title": "Where"}
    return definition
