"""The options of gongkai, each written once.

A field of these classes is an option of the command line, a key of a batch manifest, and an argument of the API.
`gongkai.cli.edge.command` makes a command's signature of a class, `gongkai.files.manifest` the manifest's keys. What an
option does stands where it is used; nothing else has to be touched for a new one.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields
from inspect import get_annotations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

import rules
from engine.batches.layout import MOST_EVENTS
from events.problems import Lang, Problem, Text, Where

if TYPE_CHECKING:
    from collections.abc import Iterator

Reads = Literal["log", "file", "run"]
Engine = Literal["duckdb", "spark"]

DEFAULT_BOOK = "jinxiang-2023"
DEFAULT_UNITS = Path(rules.__path__[0]) / "registries" / "jinxiang.yaml"
BACKFILL_DAYS = 30
LARGEST = 2**31 - 1
"""The largest whole number that an option may have."""

NO_LOG = Problem(
    "no-log",
    Where("--events"),
    Text("没有给出台账文件", "no event file is given"),
    Text("写上文件或者文件夹，例如 --events 台账.xlsx", "Name files or folders, for example --events log.xlsx"),
)


@dataclass(frozen=True, slots=True)
class Option:
    """What there is to know of an option beside its name, type and default.

    Attributes:
        flag: its name on the command line.
        help: what it is, for `--help`.
        also: other names that it has there.
        metavar: what its value is called there.
        least: its smallest value.
        off: whether naming it on the command line turns something off that is on without it.
        reads: what its paths are: a log, a file, or the folder of a run; their content is part of a run's inputs.
        counties: whether it is honoured over a log of many counties; what is not is refused there.
        pairs: whether its values are `KEY=VALUE`; a manifest and the API have them as a mapping.
        recorded: whether `run.json` names it: not what changes nothing in a run, or stands there in words of its own.
    """

    flag: str
    help: Text
    also: tuple[str, ...] = ()
    metavar: str | None = None
    least: int | None = None
    off: bool = False
    reads: Reads | None = None
    counties: bool = True
    recorded: bool = False
    pairs: bool = False


def option(flag: str, zh: str, en: str, *, default: Any = MISSING, **more: Any) -> Any:  # noqa: ANN401 (as `field`)
    """Return a field that is an option; without a default it has to be given."""
    return field(default=default, metadata={"option": Option(flag, Text(zh, en), **more)})


@dataclass(frozen=True, kw_only=True)
class Common:
    """What every command takes."""

    lang: Lang = option("--lang", "语言", "language", default="zh")


@dataclass(frozen=True, kw_only=True)
class RegistryOptions(Common):
    """Whose units these are."""

    units: Path | None = option("--units", "单位名录", "the unit registry (YAML)", default=None)


@dataclass(frozen=True, kw_only=True)
class BookOptions(RegistryOptions):
    """Which rulebooks are looked at, and by whose units."""

    books: tuple[str, ...] = option("--book", "规则库", "a rulebook, by name or folder", default=(DEFAULT_BOOK,))


@dataclass(frozen=True, kw_only=True)
class CalendarOptions(Common):
    """Which days are no working days besides the State Council's."""

    calendar: Path | None = option(
        "--calendar", "本地日历", "closures and later arrangements", default=None, reads="file"
    )


@dataclass(frozen=True, kw_only=True)
class WordOptions(RegistryOptions):
    """Which words a log may use."""

    vocabulary: Path | None = option(
        "--vocabulary",
        "本县的词汇表：另有的事件类型、属性和值",
        "event types, attributes and values of the county's own",
        default=None,
        reads="file",
        metavar="FILE",
    )


@dataclass(frozen=True, kw_only=True)
class TemplateOptions(WordOptions, BookOptions):
    """What a workbook to fill in is made for."""


@dataclass(frozen=True, kw_only=True)
class LogOptions(WordOptions):
    """How a log is read."""

    mapping: tuple[Path, ...] = option(
        "--mapping",
        "字段对应表，可给多个，各用于自己的文件",
        "mappings for other layouts, each for its own files",
        default=(),
        reads="file",
        counties=False,
        metavar="FILE",
    )
    skip_unreadable: bool = option(
        "--skip-unreadable",
        "跳过读不了的文件，逐个列出",
        "leave out files that cannot be read, and list them",
        default=False,
        counties=False,
        recorded=True,
    )


@dataclass(frozen=True, kw_only=True)
class Request(LogOptions, BookOptions, CalendarOptions):
    """What is judged, by what, as of when."""

    events: tuple[Path, ...] = option(
        "--events", "台账文件或文件夹，可给多个", "event files or folders", metavar="PATH...", reads="log"
    )
    as_of: str = option("--as-of", "截至日期或时刻", "a date (its end) or a moment")
    known_by: str | None = option(
        "--known-by",
        "登记截止：只看这时已经登记的，默认同截至时刻",
        "what was recorded by then; the as-of moment without",
        default=None,
        metavar="MOMENT",
    )
    period: str | None = option(
        "--period",
        "评估的时段，如 2023、2023-Q2、2023-01-01/2023-06-30",
        "the days whose obligations are listed",
        default=None,
        metavar="TEXT",
    )
    only: tuple[str, ...] = option("--unit", "只看这些单位", "only these units", default=(), counties=False)
    readings: tuple[str, ...] = option(
        "--reading", "选用的读法", "a chosen reading", default=(), metavar="RULE=NAME", pairs=True
    )
    with_proposals: bool = option(
        "--with-proposals",
        "规则库里拟议的规则也算，只用于试算",
        "use proposed rules of a drafted book too, for a trial",
        default=False,
        counties=False,
        recorded=True,
    )
    waivers: Path | None = option(
        "--waivers", "豁免清单", "recorded exemptions", default=None, reads="file", counties=False
    )
    head: str | None = option(
        "--head",
        "按账本过去的链头评估，见 run.json",
        "the ledger as it was at this head",
        default=None,
        counties=False,
    )


@dataclass(frozen=True, kw_only=True)
class AnnualOptions(LogOptions):
    """An annual report: of which year, from which log, of whom."""

    year: int | None = option("--year", "报告年度", "the report year", default=None)
    events: tuple[Path, ...] = option(
        "--events", "台账文件或文件夹，可给多个", "event files or folders", default=(), metavar="PATH...", reads="log"
    )
    only: tuple[str, ...] = option(
        "--unit", "单位，或者县名；不写为全部", "units, or the county; all without", default=()
    )
    county: bool = option("--county", "县级报告：各单位之和", "the county: the sum", default=False)
    as_of: str | None = option("--as-of", "只看这时已经登记的", "only what was recorded by then", default=None)


@dataclass(frozen=True, kw_only=True)
class AnnualCheckOptions(LogOptions):
    """A check of an annual report against a log."""

    year: int | None = option("--year", "报告年度，文件没有写的", "the report year", default=None)
    events: tuple[Path, ...] = option(
        "--events", "台账文件或文件夹，可给多个", "event files or folders", default=(), metavar="PATH...", reads="log"
    )

    def log(self, unit: str | None) -> AnnualOptions:
        """Return what the report of a unit is filled from."""
        shared = {one.name: getattr(self, one.name) for one in fields(self)}
        return AnnualOptions(**shared, only=(unit,) if unit else ())


@dataclass(frozen=True, kw_only=True)
class UnitRequest(Request):
    """What is judged of the units named."""

    only: tuple[str, ...] = option("--unit", "单位", "a unit, by id or name", counties=False)


@dataclass(frozen=True, kw_only=True)
class RunRequest(Request):
    """A run: what is judged, and what is written of it."""

    as_of: str = option("--as-of", "截至日期或时刻，用预设时可不写", "a date or a moment", default="")
    preset: str | None = option(
        "--preset", "mid-year、annual 或文件", "a preset or its file", default=None, reads="file"
    )
    policy: Path | None = option("--policy", "评分办法", "a scoring policy", default=None, reads="file", counties=False)
    counties: Path | None = option(
        "--counties",
        "多个县：各县自己的名录、规则库、豁免",
        "what each county has of its own",
        default=None,
        reads="file",
    )
    rectify_within: str | None = option(
        "--rectify-within",
        "整改时限，自截至日起算，如 '10 working days'",
        "the time for rectification",
        default=None,
        counties=False,
    )
    previous: tuple[Path, ...] = option(
        "--previous",
        "此前评估的文件夹，跟踪其中问题的整改",
        "the folder of an earlier run",
        default=(),
        also=("--earlier",),
        reads="run",
        counties=False,
    )
    sheets_per_unit: bool = option(
        "--sheets-per-unit",
        "问题清单每个单位另有一张表",
        "also a sheet for each unit",
        default=False,
        counties=False,
        recorded=True,
    )
    reports: bool = option(
        "--no-reports",
        "只写结论和汇总的数据文件，不写网页和表格",
        "data only: no pages or workbooks",
        default=True,
        off=True,
    )
    since: Path | None = option(
        "--since",
        "先前一次评估的文件夹：列出它之后补记的事件",
        "an earlier run's folder",
        default=None,
        reads="run",
        counties=False,
    )
    backfill_days: int = option(
        "--backfill-days",
        "发生几天后才登记算补记",
        "recorded late after so many days",
        default=BACKFILL_DAYS,
        least=0,
        counties=False,
    )
    incremental: bool = option(
        "--incremental", "接着输出文件夹里上次的评估", "build on the run in --out", default=False, counties=False
    )
    jobs: int = option(
        "--jobs", "多个县：同时评估几批", "many counties: batches judged side by side", default=1, least=1
    )
    batch_events: int = option(
        "--batch-events", "多个县：一批最多多少条事件", "many counties: events of a batch", default=MOST_EVENTS, least=1
    )
    engine: Engine = option("--engine", "引擎", "engine", default="duckdb")
    master: str | None = option(
        "--master", "Spark 在哪里运行，如 local[2]", "where Spark runs", default=None, metavar="URL"
    )


PENDING: frozenset[str] = frozenset()
"""Options that are there and have no effect yet: to give one is refused. Whoever makes one effective takes it out."""


@dataclass(frozen=True, slots=True)
class Spec:
    """One option of a class, with everything that its field says.

    Attributes:
        name: its name as a key of the manifest and an argument of the API.
        about: flag, help and what it is good for.
        type: the type of one value: `str`, `int`, `bool`, `Path` or a `Literal`.
        many: whether it can be given several times; the value is a tuple.
        default: the value without it, `MISSING` where it has to be given.
    """

    name: str
    about: Option
    type: Any
    many: bool
    default: Any

    @property
    def required(self) -> bool:
        """Whether it has to be given."""
        return self.default is MISSING


def options_of(kind: type[Common]) -> tuple[Spec, ...]:
    """Return the options of a class: what has to be given first, then its own before those that it shares."""
    hints = get_type_hints(kind)
    order = [name for base in kind.__mro__ for name in get_annotations(base)]
    found = [
        _spec(one.name, one.metadata["option"], hints[one.name], one.default)
        for one in sorted(fields(kind), key=lambda one: order.index(one.name))
    ]
    return tuple(sorted(found, key=lambda spec: not spec.required))


def _spec(name: str, about: Option, hint: Any, default: Any) -> Spec:  # noqa: ANN401 (a type as it is written)
    """Return an option with the type of one value."""
    parts = [part for part in get_args(hint) if part is not type(None)]
    if get_origin(hint) is tuple:
        return Spec(name, about, parts[0], many=True, default=default)
    optional = type(None) in get_args(hint)
    return Spec(name, about, parts[0] if optional else hint, many=False, default=default)


def given(request: Common) -> Iterator[tuple[Spec, Any]]:
    """Yield the options of a request that are not what they would be without being given, with their values."""
    for spec in options_of(type(request)):
        value = getattr(request, spec.name)
        if value != spec.default:
            yield spec, value


_INSTEAD = {
    "waivers": Text("写在 --counties 文件里各县名下", "Name them under each county in a --counties file"),
    "mapping": Text("先用 gongkai events convert --mapping 改成规范的列", "First: gongkai events convert --mapping"),
}


def refused(request: Common, *, counties: bool = False) -> list[Problem]:
    """Return a problem for each option given that would have no effect; `counties` is whether the log is of many."""
    problems: list[Problem] = []
    for spec, value in given(request):
        where, shown = Where(spec.about.flag), shown_value(value)
        if counties and not spec.about.counties:
            fact = Text("评估多个县时不能用这个选项", "this option is for the log of one county")
            cure = _INSTEAD.get(spec.name, Text("单独评估这个县", "Evaluate that county by itself"))
            problems.append(Problem("bad-option", where, fact, cure, shown))
        elif spec.name in PENDING:
            fact, cure = Text("这个选项还不起作用", "this option has no effect yet"), Text("去掉它", "Leave it out")
            problems.append(Problem("bad-option", where, fact, cure, shown))
    return problems


def shown_value(value: object) -> str:
    """Return a value of an option as text."""
    return "、".join(map(str, value)) if isinstance(value, tuple) else str(value)


def recorded(request: Common) -> dict[str, object]:
    """Return the options that were given and that `run.json` names; of files and folders the name."""
    return {spec.name: _plain(value) for spec, value in given(request) if spec.about.recorded}


def _plain(value: object) -> object:
    """Return a value as JSON has it, the same wherever its files lie."""
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.name if isinstance(value, Path) else value
