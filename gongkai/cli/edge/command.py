"""The edge of the command line: a class of options becomes a command's signature, its answer an exit status."""

from __future__ import annotations

import inspect
import os
from dataclasses import MISSING
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from events.problems import Problem, ProblemError, Text, Where
from gongkai.cli.edge.terminal import Answer, Exit, finish, say_problems
from gongkai.options import LARGEST, Common, options_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gongkai.options import Spec


_SHOWN = 200
"""How many characters of a path a problem shows."""

_METAVARS: dict[Any, str] = {Path: "PATH", str: "TEXT", int: "N"}
"""What values of these types are called in a help."""


def command(function: Callable[..., Answer]) -> Callable[..., Exit]:
    """Make a function a command.

    A parameter whose type is a class of options (`gongkai.options`) stands for all of them; the others are as typer has
    them. The answer is printed and gives the exit status; a `ProblemError` is printed and gives 2.
    """
    signature = inspect.signature(function, eval_str=True)
    bundles: dict[str, type[Common]] = {
        name: one.annotation
        for name, one in signature.parameters.items()
        if isinstance(one.annotation, type) and issubclass(one.annotation, Common)
    }

    @wraps(function)
    def run(**arguments: Any) -> Exit:  # noqa: ANN401 (typer gives what the options say)
        """Gather the options, run the function, and finish."""
        lang = arguments.get("lang", "zh")
        whole = {name: _gathered(kind, arguments) for name, kind in bundles.items()}
        taken = {spec.name for kind in bundles.values() for spec in options_of(kind)}
        own = {name: value for name, value in arguments.items() if name in signature.parameters and name not in taken}
        try:
            return finish(function(**own, **whole), lang)
        except ProblemError as error:
            say_problems([error.problem], lang)
            return Exit.UNUSABLE
        except OSError as error:
            if isinstance(error, BrokenPipeError) or error.filename is None:
                raise
            say_problems([_refused_by_the_system(error)], lang)
            return Exit.UNUSABLE

    parameters = list(_parameters(signature, bundles))
    run.__signature__ = inspect.Signature(parameters, return_annotation=Exit)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    del run.__wrapped__  # typer would look through it
    return run


def _refused_by_the_system(error: OSError) -> Problem:
    """Return the problem of a path that the system does not take, such as one of 5,000 letters, or cannot read."""
    name = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else str(error.filename)
    why = error.strerror or str(error)
    fact = Text(f"系统不能打开这个文件或者文件夹（{why}）", f"the system cannot open this file or folder ({why})")
    cure = Text("请检查路径和权限，原有内容没有改动", "Check the path and its rights; nothing was changed")
    return Problem("file-error", Where(name[:_SHOWN]), fact, cure)


def _gathered(kind: type[Common], arguments: dict[str, Any]) -> Common:
    """Return the options of a class, of what typer gives."""
    values: dict[str, Any] = {}
    for spec in options_of(kind):
        value = arguments[spec.name]
        if spec.about.off:
            value = not value
        values[spec.name] = tuple(value) if spec.many else value
    return kind(**values)


def _parameters(signature: inspect.Signature, bundles: dict[str, type[Common]]) -> Iterator[inspect.Parameter]:
    """Yield the parameters of a command: its own, then those of the options that it takes."""
    for name, one in signature.parameters.items():
        if name not in bundles:
            yield one.replace(kind=inspect.Parameter.KEYWORD_ONLY)
    for kind in bundles.values():
        for spec in options_of(kind):
            yield _parameter(spec)


def _parameter(spec: Spec) -> inspect.Parameter:
    """Return an option as typer takes it."""
    about = spec.about
    info = typer.Option(
        about.flag,
        *about.also,
        help=f"{about.help.zh} · {about.help.en}",
        metavar=about.metavar or _METAVARS.get(spec.type),
        min=about.least,
        max=LARGEST if spec.type is int else None,
    )
    kind: Any = list[spec.type] if spec.many else spec.type  # type: ignore[name-defined]
    default: Any = spec.default
    if default is MISSING:
        default = inspect.Parameter.empty
    elif spec.many:
        default = list(default)
    elif about.off:
        default = not default
    elif default is None:
        kind |= None
    return inspect.Parameter(
        spec.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, info]
    )
