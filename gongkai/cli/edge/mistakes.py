"""Mistakes in the words of a command line, and the words of its help, in the language asked for."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand, TyperGroup

from events.problems import Problem, Text, Where, did_you_mean, suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typer.exceptions import TyperException

    from events.problems import Lang

_NO_SUCH_COMMAND = re.compile(r"No such command '(?P<name>[^']*)'")
_EXTRA = re.compile(r"unexpected extra argument(?:s|\(s\))? \((?P<names>.*)\)")
_CHOICE = re.compile(r"is not one of (?P<choices>.+?)\.?$")
_LEAST = re.compile(r"greater than or equal to (?P<number>\S+)")
_MOST = re.compile(r"less than or equal to (?P<number>\S+)")
_WORDS = (
    (re.compile(r"^Usage:", re.MULTILINE), "用法："),
    (re.compile(r"^Options:", re.MULTILINE), "选项："),
    (re.compile(r"^Commands:", re.MULTILINE), "命令："),
    (re.compile(r"^Arguments:", re.MULTILINE), "参数："),
    (re.compile(r"Show this message and exit\."), "显示这些说明"),
    (re.compile(r"\[required\]"), "[必填]"),
    (re.compile(r"(?<=[\[ ])default:\s+"), "默认："),
    (re.compile(r"\[OPTIONS\]"), "[选项]"),
    (re.compile(r"COMMAND \[ARGS\]\.\.\."), "命令 [参数]..."),
)
"""What typer says in a help, and how it is said in Chinese."""

_VALUES = {
    "<int range>": "<整数>     ",
    "RULE=NAME": "规则=读法",
    "<path>": "<路径>",
    "MOMENT": "时刻  ",
    "<int>": "整数 ",
    "TEXT": "文字",
    "PATH": "路径",
    "FILE": "文件",
}
"""What a help calls the values of options, and what in Chinese, as wide on the screen, so that columns stay columns."""

_NAMES = re.compile(r"^  (?:-|\w).*?(?= {2}|$)", re.MULTILINE)
"""The first column of a help: names of options and arguments."""


def language_of(arguments: Sequence[str]) -> Lang:
    """Return the language that a command line asks for, before its words are understood."""
    pairs = pairwise(arguments)
    return "en" if "--lang=en" in arguments or ("--lang", "en") in pairs else "zh"


def translated(text: str, lang: Lang) -> str:
    """Return a help with typer's own words in the language asked for."""
    for form, word in _WORDS if lang == "zh" else ():
        text = form.sub(word, text)
    return _NAMES.sub(lambda found: _values(found[0]), text) if lang == "zh" else text


def _values(names: str) -> str:
    """Return the first column of a help with the sorts of values in Chinese."""
    for word, said in _VALUES.items():
        names = re.sub(rf"(?<= ){re.escape(word)}(?!\w)", said, names)
    return names


class Command(TyperCommand):
    """A command whose help is in the language asked for."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401 (typer does not show its context's class)
        """Return the help."""
        return translated(super().get_help(ctx), ctx.find_root().obj or "zh")


class CommandGroup(TyperGroup):
    """A group of commands whose help is in the language asked for."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401 (typer does not show its context's class)
        """Return the help."""
        return translated(super().get_help(ctx), ctx.find_root().obj or "zh")


def problems_of(error: TyperException, arguments: Sequence[str]) -> tuple[Problem, ...]:
    """Return what is wrong with the words of a command line."""
    mistake: Any = error
    context = getattr(mistake, "ctx", None)
    path = context.command_path if context is not None else "gongkai"
    see = Text(f"用法见 {path} --help", f"See {path} --help")
    name = type(error).__name__
    if name == "MissingParameter":
        return tuple(_missing(flag, see) for flag in _missing_flags(mistake, arguments))
    if name == "NoSuchOption":
        fact = Text("没有这个选项", "there is no such option")
        cure = suggestion(tuple(mistake.possibilities or ())[:3], see)
        return (Problem("no-such-option", Where(mistake.option_name), fact, cure, mistake.option_name),)
    if name == "BadOptionUsage":
        fact = Text("后面没有写值，或者不该有值", "it lacks its value, or takes none")
        return (Problem("bad-option", Where(mistake.option_name), fact, see),)
    if name == "BadParameter":
        return (_bad_value(mistake, arguments, see),)
    return (_other(mistake, path, see),)


def _missing_flags(mistake: Any, arguments: Sequence[str]) -> list[str]:  # noqa: ANN401 (typer's own class)
    """Return what has to be given and is not: the one that was found, and other options that are not there."""
    if mistake.param is None:
        return [str(mistake.param_hint)]
    first = _flag(mistake.param)
    params = mistake.ctx.command.params if mistake.ctx is not None else ()
    options = [one for one in params if one.required and str(one.opts[0]).startswith("-")]
    there = {argument.partition("=")[0] for argument in arguments}
    return list(dict.fromkeys([first, *(_flag(one) for one in options if not there & set(one.opts))]))


def _flag(param: Any) -> str:  # noqa: ANN401 (typer's own class)
    """Return what a parameter is called on the command line."""
    name = str(param.opts[0])
    return name if name.startswith("-") else name.upper()


def missing_option(flag: str, command: str) -> Problem:
    """Return the problem of something that a command has to be given."""
    return _missing(flag, Text(f"用法见 gongkai {command} --help", f"See gongkai {command} --help"))


def _missing(flag: str, see: Text) -> Problem:
    """Return the problem of something that has to be given."""
    cure = Text(f"加上它；{see.zh}", f"Give it. {see.en}")
    return Problem("missing-option", Where(flag), Text(f"没有写 {flag}", f"{flag} is not given"), cure)


def _bad_value(mistake: Any, arguments: Sequence[str], see: Text) -> Problem:  # noqa: ANN401 (typer's own class)
    """Return the problem of a value that an option cannot have."""
    flag = _flag(mistake.param) if mistake.param is not None else str(mistake.param_hint or "")
    after = dict(pairwise(arguments))
    value = after.get(flag)
    message = str(mistake.message)
    choice, least, most = _CHOICE.search(message), _LEAST.search(message), _MOST.search(message)
    shown = Text(f"“{value}”" if value is not None else "这个值", repr(value) if value is not None else "the value")
    if choice is not None:
        known = re.findall(r"'([^']+)'", choice["choices"])
        cure = Text(f"可用：{'、'.join(known)}", f"There are {', '.join(known)}")
        fact = Text(f"{shown.zh}不能用", f"{shown.en} is not possible")
        near = did_you_mean(value, known) if value is not None else ()
        return Problem("bad-option", Where(flag), fact, suggestion(near, cure), value)
    if least is not None or most is not None:
        low, high = least and least["number"], most and most["number"]
        if low:
            fact = Text(f"{shown.zh}小于{low}", f"{shown.en} is below {low}")
        else:
            fact = Text(f"{shown.zh}大于{high}", f"{shown.en} is above {high}")
        return Problem("bad-option", Where(flag), fact, see, value)
    if "valid integer" in message:
        fact = Text(f"{shown.zh}不是整数", f"{shown.en} is no whole number")
        return Problem("bad-option", Where(flag), fact, see, value)
    fact = Text(f"{shown.zh}不能用", f"{shown.en} cannot be used: {message}")
    return Problem("bad-option", Where(flag), fact, see, value)


def _other(mistake: Any, path: str, see: Text) -> Problem:  # noqa: ANN401 (typer's own class)
    """Return the problem of a command that does not exist, or of words that nothing takes."""
    message = str(mistake.format_message())
    unknown, extra = _NO_SUCH_COMMAND.search(message), _EXTRA.search(message)
    if unknown is not None:
        commands = tuple(getattr(mistake.ctx.command, "commands", ())) if mistake.ctx is not None else ()
        fact = Text(f"没有“{unknown['name']}”这个命令", f"there is no command {unknown['name']!r}")
        cure = suggestion(did_you_mean(unknown["name"], commands), see)
        return Problem("no-such-command", Where(path), fact, cure, unknown["name"])
    if extra is not None:
        fact = Text(f"多出了“{extra['names']}”", f"{extra['names']!r} is too much")
        return Problem("bad-usage", Where(path), fact, see, extra["names"])
    if message.startswith("Missing command"):
        return Problem("bad-usage", Where(path), Text("没有写命令", "no command is given"), see)
    return Problem("bad-usage", Where(path), Text(f"命令写得不对（{message}）", message), see)
