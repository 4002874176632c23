from __future__ import annotations

import json

from engine.kinds import KINDS
from rules.schema import book_schema, case_file_schema, rules_schema


def test_the_schema_of_rules_has_a_branch_for_every_kind() -> None:
    schema = rules_schema(KINDS)
    rule = schema["properties"]["rules"]["items"]
    kinds = sorted(branch["if"]["properties"]["kind"]["const"] for branch in rule["allOf"])
    assert kinds == rule["properties"]["kind"]["enum"]
    for branch in rule["allOf"]:
        definition = schema["$defs"][branch["then"]["$ref"].rsplit("/", 1)[-1]]
        assert "period" not in definition["required"]
        assert {"id", "clause", "quote", "owed_by"} <= set(definition["required"])


def test_the_schema_allows_the_short_forms() -> None:
    definitions = rules_schema(KINDS)["$defs"]
    assert {"type": "string"} in definitions["Selector"]["anyOf"]
    assert {"type": "boolean"} in definitions["Condition"]["anyOf"]


def test_schemas_are_json() -> None:
    for schema in (rules_schema(KINDS), book_schema(), case_file_schema()):
        assert json.loads(json.dumps(schema))["$schema"].startswith("https://json-schema.org/")
