"""Checking YAML values against pydantic models, every error at its place in the file."""

from __future__ import annotations

import types
import typing
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from events.problems import Problem, Text, did_you_mean, suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic_core import ErrorDetails

    from rules.yaml.nodes import Node

M = TypeVar("M", bound=BaseModel)
Loc = tuple[int | str, ...]


def validate(model: type[M], node: Node, *, value: object = None) -> tuple[M | None, tuple[Problem, ...]]:
    """Check a value of a YAML file against a model.

    Args:
        model: what it has to be.
        node: the value, with its places.
        value: what to check in place of the node's own value, where something was filled in.

    Returns:
        The model's instance, None where the value does not fit, and a problem for every misfit.
    """
    try:
        return model.model_validate(node.plain() if value is None else value), ()
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=True)
    problems = (_problem(model, node, detail) for detail in _without_branches(details))
    return None, tuple(dict.fromkeys(problems))


def _without_branches(details: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """Drop what follows from other errors, and those of a union's other branches: one for each place is enough."""
    kept: dict[tuple[Loc, str], ErrorDetails] = {}
    for detail in details:
        loc = detail["loc"]
        if detail["type"] == "too_short" and any(len(o["loc"]) > len(loc) == _shared(o["loc"], loc) for o in details):
            continue  # the entries that are wrong were not counted
        union = bool(loc) and isinstance(loc[-1], str) and loc[-1] in _SCALAR_TAGS
        key = (loc[:-1], "union") if union else (loc, detail["type"])
        kept.setdefault(key, detail)
    return list(kept.values())


def _shared(one: Loc, other: Loc) -> int:
    """Return how many steps two ways have in common."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


_SCALAR_TAGS = frozenset({"bool", "int", "float", "str"})


def _problem(model: type[BaseModel], node: Node, detail: ErrorDetails) -> Problem:
    """Return pydantic's error as a problem at its place."""
    loc, sort = detail["loc"], detail["type"]
    at = _descend(node, loc[:-1] if sort in {"missing", "extra_forbidden"} else loc)
    if sort == "extra_forbidden":
        child = at.get(loc[-1]) or at
        return _wrong_key(child, str(loc[-1]), field_names(model, loc[:-1]))
    if sort == "missing":
        return _missing(at, str(loc[-1]))
    value = detail["input"]
    shown = None if isinstance(value, dict | list | tuple) else str(value)
    return _bad_value(at, shown, detail)


def _descend(node: Node, loc: Loc) -> Node:
    """Return the deepest node on the way of `loc`; steps that the file does not have are passed over."""
    current = node
    for step in loc:
        child = current.get(step)
        if child is None and isinstance(step, int) and step == 0 and current.shape == "scalar":
            continue
        current = child or current
    return current


def field_names(model: type[BaseModel], loc: Loc) -> tuple[str, ...]:
    """Return the keys that the model at `loc` inside `model` knows."""
    current: object = model
    for step in loc:
        current = _step(current, step)
    found = _model_in(current)
    if found is None:
        return ()
    return tuple(info.alias or name for name, info in found.model_fields.items())


def _step(annotation: object, step: int | str) -> object:
    """Return the annotation one step further into `annotation`; itself where the step leads nowhere."""
    model = _model_in(annotation)
    origin = typing.get_origin(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, info in annotation.model_fields.items():
            if step in {name, info.alias}:
                return info.annotation
        return annotation
    if origin in {dict, tuple, list}:
        arguments = typing.get_args(annotation)
        return arguments[1] if origin is dict else arguments[0]
    if origin in {typing.Union, types.UnionType, typing.Annotated}:
        for argument in typing.get_args(annotation):
            if _model_in(argument) is model and model is not None:
                return _step(argument, step)
    return annotation


def _model_in(annotation: object) -> type[BaseModel] | None:
    """Return the first model that the annotation names."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in typing.get_args(annotation):
        found = _model_in(argument)
        if found is not None:
            return found
    return None


def _wrong_key(child: Node, key: str, known: tuple[str, ...]) -> Problem:
    """Return the problem of a key that is not in the language."""
    fact = Text(f"没有“{key}”这个键", f"there is no key {key!r} here")
    words = "、".join(sorted(known)), ", ".join(sorted(known))
    otherwise = Text(f"这里可以用：{words[0]}", f"These are known here: {words[1]}")
    return Problem("unknown-key", child.key, fact, suggestion(did_you_mean(key, known, most=1), otherwise), key)


def _missing(parent: Node, key: str) -> Problem:
    """Return the problem of a key that has to be there."""
    fact = Text(f"缺少“{key}”", f"{key!r} is missing")
    return Problem("missing-key", parent.where, fact, Text(f"请加上 {key}:", f"Add {key}:"), key)


def _bad_value(at: Node, shown: str | None, detail: ErrorDetails) -> Problem:
    """Return the problem of a value that does not fit."""
    error = detail.get("ctx", {}).get("error")
    told, cure = getattr(error, "fact", None), getattr(error, "cure", None)
    if isinstance(told, Text) and isinstance(cure, Text):  # the error says it in both languages itself
        return Problem("bad-value", at.where, told, cure, shown)
    fact_zh, cure = _explained(detail)
    said = f"“{shown}”" if shown is not None else "这里"
    reason = detail["msg"].removeprefix("Value error, ")
    fact = Text(f"{said}{fact_zh}", f"{shown!r}: {reason}" if shown is not None else reason)
    return Problem("bad-value", at.where, fact, cure, shown)


def _explained(detail: ErrorDetails) -> tuple[str, Text]:
    """Return what is wrong in Chinese, and the cure."""
    context, sort = detail.get("ctx", {}), detail["type"]
    if sort in {"literal_error", "enum"}:
        expected = str(context.get("expected", ""))
        words = [word.strip("' ") for word in expected.replace(" or ", ",").split(",")]
        otherwise = Text(f"可以用：{expected}", f"One of: {expected}")
        return "不是可用的值", suggestion(did_you_mean(str(detail["input"]), words), otherwise)
    for start, explained in _BY_SORT.items():
        if sort.startswith(start):
            return explained
    if sort == "string_pattern_mismatch":
        pattern = str(context.get("pattern", ""))
        return "的写法不对", Text(f"应当符合 {pattern}", f"It has to match {pattern}")
    reason = detail["msg"].removeprefix("Value error, ")
    return f"不符合要求（{reason}）", Text("请按说明改写", "Put it right as said")


_BY_SORT: dict[str, tuple[str, Text]] = {
    "date": ("不是日期", Text("请写成 2023-12-31", "Write it as 2023-12-31")),
    "int": ("不是整数", Text("请写一个整数", "Write a whole number")),
    "finite_number": ("不是有限的数", Text("请写一个写得出的数", "Write a number that can be written out")),
    "float": ("不是数", Text("请写一个数", "Write a number")),
    "bool": ("不是 true 或 false", Text("请写 true 或 false", "Write true or false")),
    "string_type": ("不是文字", Text("请写成文字，必要时加引号", "Write text, in quotes where needed")),
    "string_too_short": ("是空的", Text("请写上内容", "Write something")),
    "string_too_long": ("太长", Text("请缩短", "Make it shorter")),
    "tuple_type": ("不是列表", Text("请写成列表 [甲, 乙]", "Write a list: [a, b]")),
    "list_type": ("不是列表", Text("请写成列表 [甲, 乙]", "Write a list: [a, b]")),
    "dict_type": ("不是键和值", Text("请写成 键: 值", "Write key: value")),
    "model_type": ("不是键和值", Text("请写成 键: 值", "Write key: value")),
    "too_short": ("的条目太少", Text("请补充", "Add what is missing")),
}
