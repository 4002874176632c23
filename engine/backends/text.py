"""Values and names of a rulebook as SQL: the one place where text from outside enters a statement.

Statements are written for DuckDB alone, whose literals know no escape but the doubled quotation mark; a NUL, which no
statement may hold, is spelt by its number. `docs/decisions/0085-statements-as-text.md` says why no library prints them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rules.model import Scalar

NULL = "NULL"


def quoted(text: str) -> str:
    """Return a text as a literal."""
    parts = ["'" + part.replace("'", "''") + "'" for part in text.split("\0")]
    return parts[0] if len(parts) == 1 else f"({' || chr(0) || '.join(parts)})"


def literal(value: Scalar) -> str:
    """Return a value of a rulebook as a literal; figures are finite, which the loading of rules sees to."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return f"({value!r})" if value < 0 else repr(value)
    return quoted(value)


def column(name: str, table: str = "") -> str:
    """Return a column by its name, which is quoted, of a table that the engine named."""
    own = '"' + name.replace('"', '""') + '"'
    return f"{table}.{own}" if table else own


def listed(values: Iterable[Scalar]) -> str:
    """Return values as the list of an `IN`."""
    return f"({', '.join(map(literal, values))})"


def all_of(tests: Iterable[str]) -> str:
    """Return that every one of some tests holds; true where there are none."""
    return " AND ".join(tests) or "TRUE"


def any_of(tests: Iterable[str]) -> str:
    """Return that one of some tests holds; false where there are none."""
    return " OR ".join(tests) or "FALSE"
