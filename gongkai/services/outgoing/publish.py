"""A version of a run to publish, from its folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.problems import Problem, Text, Where, did_you_mean, has_errors, suggestion
from reports.output.folder import write_folder
from reports.output.receipts import digest_of
from reports.output.texts import STATUS
from reports.publication.files import PAGE_FILE, RECEIPT, WORKBOOK, write_publication
from reports.publication.version import PublicationChoice, make_version
from reports.run.folder import open_run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from events.problems import Lang

    Made = tuple[tuple[Path, ...] | None, tuple[Problem, ...]]

READ = ("verdicts.jsonl", "summary.json", "inputs/log.parquet", "inputs/rules.parquet")
"""The files of a run that a publication is made from."""


def choice_of(statuses: Sequence[str], reasons: Sequence[str] | None) -> tuple[PublicationChoice, list[Problem]]:
    """Return what an office chooses, and what is wrong with it.

    Args:
        statuses: names of statuses, in English or Chinese; the usual ones where there are none.
        reasons: the statuses whose reasons are published; `none` for none at all, the usual ones where it is None.
    """
    problems: list[Problem] = []
    usual = PublicationChoice()
    chosen = _named(statuses, "--status", problems) if statuses else usual.statuses
    said = usual.reasons if not reasons else () if list(reasons) == ["none"] else _named(reasons, "--reason", problems)
    return PublicationChoice(chosen, said), problems


def publish_run(folder: Path, out: Path, choice: PublicationChoice, lang: Lang) -> Made:
    """Write what an office publishes of a run: a page, a workbook, and a receipt that ties both to the run.

    Names of staff, applicants, ids of entries and places in files are left out.

    Args:
        folder: the folder of the run.
        out: where it goes.
        choice: the statuses and reasons that are published.
        lang: the language of its words.

    Returns:
        The files, None where the run is not usable, and what is wrong.

    Raises:
        ProblemError: the folder cannot be written.
    """
    run, problems = open_run(folder)
    if run is None or has_errors(problems):
        return None, problems
    wrong = [_not_kept(folder)] if run.kept is None else _changed(folder, run.receipt.get("written", {}))
    if wrong or run.kept is None:
        return None, (*problems, *wrong)
    published = make_version(run, run.summary, choice, lang)
    told = write_folder(out, lambda target: write_publication(published, target, lang))
    return tuple(out / name for name in (PAGE_FILE, WORKBOOK, RECEIPT)), (*problems, *told)


def _named(names: Sequence[str], option: str, problems: list[Problem]) -> tuple[str, ...]:
    """Return statuses by their names, and tell of those that are none."""
    known = {word: name for name, text in STATUS.items() for word in (name, text.zh, text.en)}
    for name in names:
        if name not in known:
            fact = Text(f"没有“{name}”这种结论", f"there is no status {name!r}")
            cure = suggestion(did_you_mean(name, known), Text(f"可用：{'、'.join(STATUS)}", f"Use {', '.join(STATUS)}"))
            problems.append(Problem("bad-option", Where(option), fact, cure, name))
    return tuple(dict.fromkeys(known[name] for name in names if name in known))


def _changed(folder: Path, written: dict[str, str]) -> list[Problem]:
    """Return a problem for each file that is not as the run wrote it: a receipt would vouch for something else."""
    found = []
    for name in READ:
        try:
            same = digest_of(folder / name) == written.get(name)
        except OSError:
            same = False
        if not same:
            fact = Text(f"“{name}”不是这次评估写出的内容", f"{name} is not as the run wrote it")
            cure = Text("重新评估到这个文件夹，再公开", "Evaluate into this folder again, and publish then")
            found.append(Problem("changed-run", Where(str(folder / name)), fact, cure))
    return found


def _not_kept(folder: Path) -> Problem:
    """Return the problem of a run that did not keep what it was made from, so that nobody can say what is private."""
    fact = Text("这次评估没有保留输入（inputs/），分不清哪些不能公开", "the run did not keep its inputs (inputs/)")
    cure = Text("重新评估（不加 --no-reports），再公开", "Evaluate again without --no-reports, and publish then")
    return Problem("no-inputs", Where(str(folder)), fact, cure)
