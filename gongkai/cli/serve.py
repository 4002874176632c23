"""`gongkai serve` and `gongkai console`: the console; Django is imported only when one of them runs."""
# ruff: noqa: PLC0415

from __future__ import annotations

import importlib.util
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from events.problems import Problem, ProblemError, Text, Where
from gongkai.cli.edge.terminal import Exit, say, say_problems

if TYPE_CHECKING:
    from gongkai.console.folder import DataFolder
    from gongkai.console.serve import Listening

app = typer.Typer(help="控制台的维护 · the console's upkeep", no_args_is_help=True, rich_markup_mode=None)

FolderArgument = Annotated[Path, typer.Argument(help="数据文件夹 · the data folder", metavar="DIR")]
ListenOption = Annotated[str, typer.Option("--listen", help="监听的地址 · where to listen", metavar="HOST:PORT")]
BehindOption = Annotated[
    str | None, typer.Option("--behind", help="用户访问的地址，由代理提供 TLS · the address people use", metavar="URL")
]


def _missing() -> bool:
    """Say whether the extra is not installed, and say so."""
    if all(importlib.util.find_spec(name) for name in ("django", "waitress", "argon2")):
        return False
    fact = Text("没有安装控制台需要的库", "the libraries of the console are not installed")
    cure = Text('安装 pip install "gongkai[console]"', 'Run pip install "gongkai[console]"')
    say_problems([Problem("no-console", Where("gongkai serve"), fact, cure)], "zh")
    return True


def serve(
    folder: Annotated[Path | None, typer.Argument(help="数据文件夹 · the data folder", metavar="DIR")] = None,
    listen: ListenOption = "127.0.0.1:8000",
    behind: BehindOption = None,
    trust_proxy: Annotated[
        list[str], typer.Option("--trust-proxy", help="相信这个代理转来的地址 · believe this proxy", metavar="ADDRESS")
    ] = [],
    demo: Annotated[bool, typer.Option("--demo", help="用演示县的数据，各种角色都有 · the demo county")] = False,
) -> Exit:
    """开启控制台：各单位在浏览器里登记、审核、看自己的事项 · the console, in a browser."""
    if _missing():
        return Exit.UNUSABLE
    from gongkai.console.serve import listening

    where, problems = listening(listen, behind, tuple(trust_proxy))
    if folder is None and not demo:
        fact = Text("没有写数据文件夹", "no data folder is given")
        cure = Text("例如 gongkai serve 数据，或者 gongkai serve --demo", "For example gongkai serve data")
        problems = (*problems, Problem("bad-option", Where("DIR"), fact, cure))
    say_problems(problems, "zh")
    if where is None or problems:
        return Exit.UNUSABLE
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="gongkai-demo-") as made:
            return _serve(Path(made), where, demo=True)
    return _serve(folder, where, demo=demo)


def _serve(root: Path, where: Listening, *, demo: bool) -> Exit:
    from gongkai.console.serve import open_console
    from gongkai.console.serve import serve as run

    made: list[str] = []
    if demo:
        from gongkai.console.work.demo import lay_out

        made = lay_out(root)
    folder, problems = open_console(root, where)
    say_problems(problems, "zh")
    if folder is None:
        return Exit.UNUSABLE
    if demo:
        from gongkai.console.work.demo import add_people

        made += add_people(folder)
    address = where.behind or f"http://{where.host}:{where.port}"

    def ready() -> None:
        for line in made:
            say(line)
        say(f"控制台：{address}/  （Ctrl+C 停止 · Ctrl+C ends it）")
        _first_link(address)

    try:
        run(where, ready)
    except OSError as error:
        fact = Text(f"不能监听 {where.host}:{where.port}：{error}", f"cannot listen: {error}")
        cure = Text("换一个端口，例如 --listen 127.0.0.1:8001", "Use another port")
        say_problems([Problem("cannot-listen", Where("--listen"), fact, cure)], "zh")
        return Exit.UNUSABLE
    return Exit.OK


def _first_link(address: str) -> None:
    """Say with which link the first administrator starts, where there is none yet."""
    from gongkai.console.work.accounts import first_administrator

    code = first_administrator()
    if code is not None:
        say(f"第一位管理员（用户名 admin）用这个链接设置密码，只能用一次：{address}/start/{code}")


def _open(root: Path) -> DataFolder | None:
    """Return a data folder with its database, or say why it cannot be used."""
    if _missing():
        return None
    if not root.is_dir():
        fact, cure = Text("没有这个数据文件夹", "there is no such folder"), Text("检查路径", "Check the path")
        say_problems([Problem("no-folder", Where(str(root)), fact, cure)], "zh")
        return None
    from gongkai.console.serve import open_console

    folder, problems = open_console(root)
    say_problems(problems, "zh")
    return folder


@app.command("people")
def people(
    folder: FolderArgument,
    names: Annotated[Path, typer.Argument(help="名单（XLSX）：用户名、姓名、角色、单位 · the list", metavar="XLSX")],
    slips: Annotated[Path, typer.Option("--slips", help="口令条（DOCX） · the slips to hand out", metavar="DOCX")],
    address: Annotated[
        str, typer.Option("--address", help="写在口令条上的网址 · the address")
    ] = "http://127.0.0.1:8000",
) -> Exit:
    """按名单建立账号，写出一次性口令条 · accounts from a list, with one-time slips."""
    opened = _open(folder)
    if opened is None:
        return Exit.UNUSABLE
    from gongkai.console.work.people import import_people

    count, problems = import_people(names, slips, address)
    say_problems(problems, "zh")
    if problems:
        return Exit.UNUSABLE
    say(f"建立{count}个账号；口令条：{slips}")
    return Exit.OK


@app.command("backup")
def backup(
    folder: FolderArgument,
    out: Annotated[Path | None, typer.Option("--out", help="放在哪里 · where to", metavar="DIR")] = None,
) -> Exit:
    """备份数据库、账本、附件、操作记录 · back everything up, also while the console runs."""
    opened = _open(folder)
    if opened is None:
        return Exit.UNUSABLE
    import subprocess

    from gongkai.console.work.backup import backup as write

    try:
        say(f"备份：{write(opened, out)}")
    except (OSError, subprocess.CalledProcessError) as error:
        fact, cure = Text(f"不能备份：{error}", f"no backup: {error}"), Text("检查空间和权限", "Check space and rights")
        say_problems([Problem("no-backup", Where(str(folder)), fact, cure)], "zh")
        return Exit.UNUSABLE
    return Exit.OK


@app.command("restore")
def restore(
    source: Annotated[Path, typer.Argument(help="备份 · the backup", metavar="BACKUP")],
    folder: FolderArgument,
) -> Exit:
    """从备份恢复到空文件夹，并核对已入账的都在账本里 · restore into an empty folder, and check."""
    if _missing():
        return Exit.UNUSABLE
    from gongkai.console.work.backup import entered_and_missing, uploads_wrong
    from gongkai.console.work.backup import restore as put_back

    problems = put_back(source, folder)
    if not problems and _open(folder) is not None:
        problems = (*entered_and_missing(), *uploads_wrong())
    say_problems(problems, "zh")
    if problems:
        return Exit.UNUSABLE
    say(f"已恢复到 {folder}；已入账的登记单都在账本里")
    return Exit.OK


@app.command("verify")
def verify(folder: FolderArgument) -> Exit:
    """核对账本、操作记录、已入账的登记单、附件 · check ledger, audit log, entries and files."""
    opened = _open(folder)
    if opened is None:
        return Exit.UNUSABLE
    from events.ledger.folder import is_ledger
    from events.ledger.verify import verify_ledger
    from events.vocabulary import load_vocabulary
    from gongkai.console import audit
    from gongkai.console.work.backup import entered_and_missing, uploads_wrong

    whole = verify_ledger(opened.ledger, load_vocabulary()).problems if is_ledger(opened.ledger) else ()
    problems = [*whole, *entered_and_missing(), *uploads_wrong()]
    broken = audit.first_break(opened.audit)
    if broken is not None:
        fact = Text(f"操作记录第{broken}行起被改动", f"the audit log was changed from line {broken} on")
        problems.append(
            Problem("audit-broken", Where(str(opened.audit), broken), fact, Text("查找原因", "Find out why"))
        )
    say_problems(problems, "zh")
    if problems:
        return Exit.FOUND
    say("账本、操作记录、已入账的登记单、附件都完好")
    return Exit.OK


@app.command("unlock")
def unlock(
    folder: FolderArgument,
    username: Annotated[str, typer.Argument(help="用户名 · the name to sign in with")],
) -> Exit:
    """给忘记密码的人一个一次性口令 · a one-time code for somebody who forgot the password."""
    if _open(folder) is None:
        return Exit.UNUSABLE
    from gongkai.console.work.accounts import code_for

    code = code_for(username)
    if code is None:
        fact, cure = Text(f"没有用户“{username}”", f"there is no {username!r}"), Text("检查用户名", "Check the name")
        say_problems([Problem("unknown-person", Where("USERNAME"), fact, cure, username)], "zh")
        return Exit.UNUSABLE
    say(f"一次性口令：{code}")
    return Exit.OK


@app.command("service")
def service(folder: FolderArgument, listen: ListenOption = "127.0.0.1:8000", behind: BehindOption = None) -> Exit:
    """打印 systemd 单元和 Windows 任务命令 · print a systemd unit and the command of a Windows task."""
    if _missing():
        return Exit.UNUSABLE
    from gongkai.console.serve import listening
    from gongkai.console.work.service import systemd_unit, windows_task

    where, problems = listening(listen, behind, ())
    say_problems(problems, "zh")
    if where is None:
        return Exit.UNUSABLE
    say("# /etc/systemd/system/gongkai.service")
    say(systemd_unit(folder, listen, behind))
    say("# Windows（管理员命令提示符）")
    say(windows_task(folder, listen, behind))
    return Exit.OK


@app.command("mail")
def mail(folder: FolderArgument, address: Annotated[str, typer.Argument(help="收件地址 · where to")]) -> Exit:
    """发一封测试邮件，看提醒能不能发出 · send a mail, to see whether reminders can be sent."""
    if _open(folder) is None:
        return Exit.UNUSABLE
    from gongkai.console.mail.sending import send_test

    try:
        send_test(address)
    except (OSError, ValueError) as error:
        fact = Text(f"邮件没有发出：{error}", f"the mail was not sent: {error}")
        cure = Text("检查 gongkai.yaml 里的 mail", "Check `mail` in gongkai.yaml")
        say_problems([Problem("no-mail", Where(str(folder)), fact, cure)], "zh")
        return Exit.UNUSABLE
    say(f"已发给 {address}")
    return Exit.OK


@app.command("import")
def import_old(
    folder: FolderArgument,
    paths: Annotated[list[Path], typer.Argument(help="台账文件或者文件夹 · files and folders", metavar="PATH...")],
    mapping: Annotated[list[Path], typer.Option("--mapping", help="字段对应表 · mappings", metavar="FILE")] = [],
    as_correction: Annotated[
        bool, typer.Option("--as-correction", help="与账本不同的行作为更正导入 · rows that differ correct the ledger")
    ] = False,
) -> Exit:
    """县里导入往年的台账，服务不用停 · import the logs of old years, also while the console runs."""
    opened = _open(folder)
    if opened is None:
        return Exit.UNUSABLE
    from gongkai.console.work.importing import import_old as run

    try:
        done, problems = run(opened, paths, mapping, as_correction=as_correction)
    except ProblemError as error:
        done, problems = None, (error.problem,)
    say_problems(problems, "zh")
    if done is None:
        say("有错误，什么也没有导入")
        return Exit.UNUSABLE
    for name, added, known in done.files:
        say(f"{name}：新增{added}条，已有{known}条")
    return Exit.OK
