"""The door: `gongkai`, and `python -m gongkai`."""

from __future__ import annotations

import sys


def spread(arguments: list[str], option: str = "--events") -> list[str]:
    """Return the arguments with `--events a b` written out as `--events a --events b`."""
    spread_out: list[str] = []
    inside = False
    for argument in arguments:
        if argument.startswith("-"):
            inside = argument == option
            if not inside:
                spread_out.append(argument)
        elif inside:
            spread_out += [option, argument]
        else:
            spread_out.append(argument)
    return spread_out


def main() -> None:
    """Run the command line; whatever goes wrong ends in a sentence and an exit status, never in a traceback."""
    from gongkai.process import get_ready, leave  # noqa: PLC0415 (of this module others need `spread` alone)

    arguments = spread(sys.argv[1:])
    try:
        get_ready(arguments)
        from gongkai.cli import run  # noqa: PLC0415 (once the process is ready, which makes this faster)

        status = run(arguments)
    except KeyboardInterrupt:
        status = 130
    except Exception:  # noqa: BLE001 (a fault of the program itself: the traceback is for whoever mends it)
        from gongkai.cli.edge.terminal import say_fault  # noqa: PLC0415

        status = say_fault()
    leave()
    sys.exit(status)


if __name__ == "__main__":
    main()
