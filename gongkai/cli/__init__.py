"""The command line: it joins the layers, prints and exits; each command imports what it needs when it runs.

A file here holds a group of commands with their options and their help, and is read where one of them is called; what
they do stands in `gongkai.services`.
"""

from __future__ import annotations

import os
import sys
from contextvars import copy_context
from functools import cache
from importlib import import_module

import typer
from typer.exceptions import Abort, Exit, TyperException
from typer.main import get_group

from gongkai.cli.edge import terminal
from gongkai.cli.edge.mistakes import Command, CommandGroup, language_of, problems_of

COMMANDS = {
    "evaluate": "evaluate",
    "batch": "batch",
    "check": "check",
    "due": "check",
    "compare": "compare",
    "explain": "check",
    "notices": "notices",
    "publish": "publish",
    "demo": "demo",
    "serve": "serve",
}
"""The commands without a group, in the order of the help, and the file of each."""

GROUPS = {
    "rules": "rulebooks.rules",
    "events": "events",
    "calendar": "calendar",
    "assess": "assess",
    "annual-report": "annual",
    "request": "request",
    "console": "serve",
}
"""The groups of commands, in the order of the help, and the file of each."""


@cache
def command_tree(only: str | None = None) -> CommandGroup:
    """Return the commands with their options: all of them, or one or one group alone, and no other's file is read.

    Made once a process, which takes longer than what some of them do.
    """
    app = typer.Typer(
        name="gongkai",
        cls=CommandGroup,
        help="政务公开落实情况评估：规则对台账，逐项给出结论、依据和理由。\n\n"
        "Checks open-government duties: rules against a log, a reasoned verdict for each.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    for name, file in COMMANDS.items():
        if only in {None, name}:
            app.command(cls=Command)(getattr(import_module(f"gongkai.cli.{file}"), name))
    for name, file in GROUPS.items():
        if only in {None, name}:
            app.add_typer(import_module(f"gongkai.cli.{file}").app, name=name)
    tree = get_group(app)
    assert isinstance(tree, CommandGroup)  # noqa: S101 - for the type checker
    return tree


def run(arguments: list[str]) -> int:
    """Run a command line and return its exit status; a mistake in the words is a sentence and status 2.

    The environment variable `GONGKAI_LIMITS` changes the limits on input, see `events.limits`.
    """
    changed = os.environ.get("GONGKAI_LIMITS")
    if not changed:
        return _run(arguments)
    from events.limits import read_limits, using  # noqa: PLC0415 (only where somebody changes them)

    limits, problems = read_limits(changed)
    if problems:
        terminal.say_problems(problems, language_of(arguments))
        return terminal.Exit.UNUSABLE
    with using(limits):
        return _run(arguments)


def _run(arguments: list[str]) -> int:
    """Run a command line and return its exit status."""
    named = arguments[0] if arguments and arguments[0] in {*COMMANDS, *GROUPS} else None
    try:
        # what a command takes up for its run, such as a county's words, is not in use after it
        options = {"standalone_mode": False, "prog_name": "gongkai", "obj": language_of(arguments)}
        result = copy_context().run(command_tree(named), arguments, **options)
    except Exit as error:
        return error.exit_code
    except TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            sys.stderr.write(f"{error.format_message()}\n")
        else:
            terminal.say_problems(problems_of(error, arguments), language_of(arguments))
        return terminal.Exit.UNUSABLE
    except Abort:
        return terminal.Exit.UNUSABLE
    return result if isinstance(result, int) else terminal.Exit.OK
