"""The options that commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

LangName = Literal["zh", "en"]
EventsOption = Annotated[
    list[Path], typer.Option("--events", help="台账文件或文件夹，可给多个 · event files or folders", metavar="PATH...")
]
LedgerOption = Annotated[Path, typer.Option("--ledger", help="账本文件夹 · the ledger, a folder", metavar="DIR")]
HeadOption = Annotated[
    str | None, typer.Option("--head", help="按账本过去的链头评估，见 run.json · the ledger as it was at this head")
]
IncrementalOption = Annotated[
    bool, typer.Option("--incremental", help="接着输出文件夹里上次的评估 · build on the run in --out")
]
SinceOption = Annotated[
    Path | None, typer.Option("--since", help="先前一次评估的文件夹：列出它之后补记的事件 · an earlier run's folder")
]
AsOfOption = Annotated[str, typer.Option("--as-of", help="截至日期或时刻 · a date (its end) or a moment")]
BookOption = Annotated[list[str], typer.Option("--book", help="规则库 · a rulebook, by name or folder")]
UnitsOption = Annotated[Path | None, typer.Option("--units", help="单位名录 · the unit registry (YAML)")]
OneUnit = Annotated[str, typer.Option("--unit", help="单位 · a unit, by id or name")]
ManyUnits = Annotated[list[str], typer.Option("--unit", help="只看这些单位 · only these units")]
ReadingOption = Annotated[
    list[str], typer.Option("--reading", help="选用的读法 · a chosen reading", metavar="RULE=NAME")
]
WaiversOption = Annotated[Path | None, typer.Option("--waivers", help="豁免清单 · recorded exemptions")]
CalendarOption = Annotated[Path | None, typer.Option("--calendar", help="本地日历 · closures and later arrangements")]
MappingOption = Annotated[Path | None, typer.Option("--mapping", help="字段对应表 · a mapping for another layout")]
LangOption = Annotated[LangName, typer.Option("--lang", help="语言 · language")]
MasterOption = Annotated[
    str | None, typer.Option("--master", help="Spark 在哪里运行，如 local[2] · where Spark runs", metavar="URL")
]
JobsOption = Annotated[
    int, typer.Option("--jobs", min=1, help="多个县：同时评估几批 · many counties: batches judged side by side")
]
EngineOption = Annotated[Literal["duckdb", "spark"], typer.Option("--engine", help="引擎 · engine")]
RectifyOption = Annotated[
    str | None,
    typer.Option("--rectify-within", help="整改时限，自截至日起算，如 '10 working days' · the time for rectification"),
]
PreviousOption = Annotated[
    list[Path],
    typer.Option("--previous", "--earlier", help="此前评估的文件夹，跟踪其中问题的整改 · the folder of an earlier run"),
]
CountiesOption = Annotated[
    Path | None,
    typer.Option("--counties", help="多个县：各县自己的名录、规则库、豁免 · what each county has of its own"),
]
NoReportsOption = Annotated[
    bool,
    typer.Option("--no-reports", help="只写结论和汇总的数据文件，不写网页和表格 · data only: no pages or workbooks"),
]
SheetsOption = Annotated[
    bool, typer.Option("--sheets-per-unit", help="问题清单每个单位另有一张表 · also a sheet for each unit")
]
