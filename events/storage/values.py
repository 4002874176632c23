"""Values of known classes as text and back: rules, units and the like, for `events.storage.compiled`.

The text is JSON. Every object in it is a value of one of the classes that its reader names, a date or a dictionary;
there is no other, and no name in it is looked up anywhere else. A model is put together from its fields as they were,
without its validators: it was valid when it was written, and they are not made to be run over their own result.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from events.storage.compiled import cache_folder, keep_text, recall_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_IS = ""
"""The key of an object that says what it is."""

_DATE, _PLAIN, _MAPPING = "date", "plain", "mapping"
_ANY = "value"
"""The key of what is no value of a class."""

_SCALARS = frozenset({str, int, float, bool, type(None)})
_new, _set = object.__new__, object.__setattr__


class KeptValues:
    """Values of pydantic models and dataclasses, of dates, tuples, dictionaries and scalars, as text and back."""

    def __init__(self, classes: Iterable[type]) -> None:
        """Take in the classes whose values there may be: frozen models without private attributes, and dataclasses."""
        self._classes = {_name(one): one for one in classes}
        self._names = {one: name for name, one in self._classes.items()}
        self._makers: dict[str, Callable[[dict[str, Any]], object]] = {}

    def text(self, value: object) -> str:
        """Return a value as text.

        Raises:
            TypeError: there is something else in it, or it would not come back as it is.
        """
        text = _dumped(self._packed(value))
        back = self.value(text)
        if back != value or _dumped(self._packed(back)) != text:
            msg = "it would come back as another value"
            raise TypeError(msg)
        return text

    def value(self, text: str) -> Any:  # noqa: ANN401 - whatever was written
        """Return the value that a text says.

        Raises:
            ValueError: it says none.
        """
        try:
            return _as_tuple(json.loads(text, object_hook=self._made))
        except (AttributeError, KeyError, TypeError, RecursionError) as error:
            raise ValueError(str(error)) from error

    def recall(self, makers: tuple[str, ...], made_of: str) -> Any | None:  # noqa: ANN401 - whatever was kept
        """Return the value that was kept, None where none was; see `events.storage.compiled.recall_text`."""
        text = recall_text(makers, made_of)
        try:
            return None if text is None else self.value(text)
        except ValueError:
            return None

    def keep(self, makers: tuple[str, ...], made_of: str, value: object) -> None:
        """Keep a value for a later `recall` with the same arguments; where it cannot be kept, do nothing."""
        if cache_folder() is not None:
            with suppress(TypeError):
                keep_text(makers, made_of, self.text(value))

    def _packed(self, value: Any) -> object:  # noqa: ANN401 - whatever it may be
        """Return a value as JSON has it; of a model the fields that were set, the others having their defaults."""
        kind = type(value)
        if kind in _SCALARS:
            return value
        if kind is tuple:
            return [self._packed(one) for one in value]
        if kind is date:
            return {_IS: _DATE, _ANY: value.isoformat()}
        if kind is dict:
            if _is_plain(value):
                return {_IS: _PLAIN, _ANY: _dumped(value)}
            return {_IS: _MAPPING, "keys": [*value], "values": [self._packed(one) for one in value.values()]}
        name = self._names.get(kind)
        if name is None:
            raise TypeError(_name(kind))
        parts = _parts(value) if isinstance(value, BaseModel) else _record_parts(value)
        return {_IS: name, **{field: self._packed(one) for field, one in parts}}

    def _made(self, said: dict[str, Any]) -> object:
        """Return what an object of the text stands for, the objects inside it being made already."""
        name = said.pop(_IS)
        make = self._makers.get(name)
        if make is None:
            make = _OTHERS.get(name) or _maker(self._classes[name])
            self._makers[name] = make
        return make(said)


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _is_plain(value: object) -> bool:
    """Say whether JSON says a value as it is: no tuple comes back as a list, and no number as a word."""
    if type(value) is dict:
        return all(type(key) is str and _is_plain(one) for key, one in value.items())
    return all(map(_is_plain, value)) if type(value) is list else type(value) in _SCALARS


def _parts(model: BaseModel) -> Iterator[tuple[str, object]]:
    """Go through the fields of a model that were set.

    Raises:
        TypeError: that is not all of it.
    """
    if model.__pydantic_private__ is not None or model.__pydantic_extra__ is not None:
        raise TypeError(_name(type(model)))
    chosen = model.__pydantic_fields_set__
    return ((name, one) for name, one in model.__dict__.items() if name in chosen)


def _record_parts(record: Any) -> Iterator[tuple[str, object]]:  # noqa: ANN401 - any dataclass
    """Go through what a dataclass is made with."""
    return ((one.name, getattr(record, one.name)) for one in fields(record) if one.init)


def _as_tuple(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can say
    """Return a value with tuples in the place of arrays."""
    return tuple([_as_tuple(one) for one in value]) if value.__class__ is list else value


def _maker(kind: type) -> Callable[[dict[str, Any]], object]:
    """Return what makes a value of a class from its parts."""
    if not issubclass(kind, BaseModel):
        return lambda said: kind(**{name: _as_tuple(one) for name, one in said.items()})
    known = kind.model_fields
    required = {name for name, one in known.items() if one.is_required()}
    defaults = {name: one.get_default() for name, one in known.items()}
    fresh = {name: one.default_factory for name, one in known.items() if one.default_factory is not None}

    def make(said: dict[str, Any]) -> object:
        content = defaults | said
        if len(content) > len(defaults) or not required <= said.keys():
            raise ValueError(_name(kind))
        for name, one in said.items():
            if one.__class__ is list:
                content[name] = _as_tuple(one)
        for name, factory in fresh.items():
            if name not in said:
                content[name] = factory()  # type: ignore[call-arg]  # none looks at other fields
        model = _new(kind)
        _set(model, "__dict__", content)
        _set(model, "__pydantic_fields_set__", set(said))
        _set(model, "__pydantic_extra__", None)
        _set(model, "__pydantic_private__", None)
        return model

    return make


_OTHERS: dict[str, Callable[[dict[str, Any]], object]] = {
    _DATE: lambda said: date.fromisoformat(said[_ANY]),
    _PLAIN: lambda said: json.loads(said[_ANY]),
    _MAPPING: lambda said: dict(zip(said["keys"], map(_as_tuple, said["values"]), strict=True)),
}
