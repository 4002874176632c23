"""The command line: it joins the layers, prints and exits; each command imports what it needs when it runs.

A file here holds a group of commands with their options and their help; what they do stands in `gongkai/*_commands.py`.
"""

from __future__ import annotations

import os
import sys

import typer
from typer.exceptions import Abort, Exit, TyperException

from gongkai.cli import annual, batch, calendar, demo, evaluation, events, notices, request, rules

OK, FOUND, UNUSABLE = 0, 1, 2

app = typer.Typer(
    name="gongkai",
    help="政务公开落实情况评估：规则对台账，逐项给出结论、依据和理由。\n\n"
    "Checks open-government duties: rules against a log, a reasoned verdict for each.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
COMMANDS = (
    evaluation.evaluate,
    batch.batch,
    evaluation.check,
    evaluation.due,
    evaluation.compare,
    evaluation.explain,
    notices.notices,
    demo.demo,
)
"""The commands without a group, in the order of the help."""

GROUPS = {
    "rules": rules.app,
    "events": events.app,
    "calendar": calendar.app,
    "annual-report": annual.app,
    "request": request.app,
}

for command in COMMANDS:
    app.command()(command)
for group, group_app in GROUPS.items():
    app.add_typer(group_app, name=group)


def run(arguments: list[str]) -> int:
    """Run a command line and return its exit status; a mistake in the words is a sentence and status 2.

    The environment variable `GONGKAI_LIMITS` changes the limits on input, see `events.limits`.
    """
    changed = os.environ.get("GONGKAI_LIMITS")
    if not changed:
        return _run(arguments)
    from events.limits import read_limits, using  # noqa: PLC0415 (only where somebody changes them)
    from gongkai.cli.terminal import say_problems  # noqa: PLC0415

    limits, problems = read_limits(changed)
    if problems:
        say_problems(problems, "en" if "en" in arguments else "zh")
        return UNUSABLE
    with using(limits):
        return _run(arguments)


def _run(arguments: list[str]) -> int:
    """Run a command line and return its exit status."""
    try:
        result = app(arguments, standalone_mode=False, prog_name="gongkai")
    except Exit as error:
        return error.exit_code
    except TyperException as error:
        sys.stderr.write(f"{error.format_message()}\n")
        return UNUSABLE
    except Abort:
        return UNUSABLE
    return result if isinstance(result, int) else OK
