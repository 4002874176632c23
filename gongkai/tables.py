"""Tables of results: Arrow inside, pandas and Polars out, and shown as a table in a notebook."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd
    import polars as pl

SHOWN = 50
"""How many rows a notebook shows."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a result.

    Attributes:
        arrow: the rows and columns.
    """

    arrow: pa.Table

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> Table:
        """Return rows as a table with these columns."""
        return cls(pa.table({name: pa.array(values) for name, values in _columns(list(rows), columns).items()}))

    def __len__(self) -> int:
        return int(self.arrow.num_rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        yield from self.arrow.to_pylist()

    def to_pandas(self) -> pd.DataFrame:
        """Return it as a pandas frame on Arrow's types, so that days stay days and an empty cell is no 0.

        Raises:
            ModuleNotFoundError: pandas is not installed (`gongkai[pandas]` brings it).
        """
        pandas = library("pandas")
        frame: pd.DataFrame = self.arrow.to_pandas(types_mapper=pandas.ArrowDtype)
        return frame

    def to_polars(self) -> pl.DataFrame:
        """Return it as a Polars frame.

        Raises:
            ModuleNotFoundError: Polars is not installed (`gongkai[polars]` brings it).
        """
        frame: pl.DataFrame = library("polars").from_arrow(self.arrow)
        return frame

    def _repr_html_(self) -> str:
        """Return it as a notebook shows it."""
        return html_of(self.arrow)


def _columns(rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> dict[str, list[object]]:
    """Return the values of each column."""
    return {name: [row.get(name) for row in rows] for name in columns}


def html_of(table: pa.Table) -> str:
    """Return a table as HTML, its first rows only; what stands in it is text and never markup."""
    head = Markup("").join(Markup("<th>{}</th>").format(name) for name in table.column_names)
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(Markup("<td>{}</td>").format(_shown(value)) for value in row.values())
        )
        for row in table.slice(0, SHOWN).to_pylist()
    )
    more = Markup("<p>{} / {}</p>").format(SHOWN, table.num_rows) if table.num_rows > SHOWN else Markup("")
    return str(Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>{}").format(head, body, more))


def html_of_lines(lines: Iterable[str]) -> str:
    """Return lines as HTML."""
    return str(Markup("<pre>{}</pre>").format(escape("\n".join(lines))))


def _shown(value: object) -> str:
    """Return a value as a cell shows it."""
    if value is None:
        return ""
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def library(name: str) -> Any:  # noqa: ANN401 (a module is whatever is installed)
    """Return an optional library.

    Raises:
        ModuleNotFoundError: it is not installed; the message says what brings it.
    """
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        msg = f"{name} is not installed: uv sync --extra {name}, or pip install 'gongkai[{name}]'"
        raise ModuleNotFoundError(msg, name=name) from error
