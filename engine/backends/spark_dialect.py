"""The engine's statements as Spark reads them: what sqlglot's printer for Spark leaves different is changed here."""

from __future__ import annotations

from sqlglot import exp


def to_spark(query: exp.Expr, *, pretty: bool = False) -> str:
    """Return a query in Spark's dialect that gives the rows that DuckDB gives."""
    return query.transform(_null_where_nothing_was_gathered).sql(dialect="spark", pretty=pretty)


def _null_where_nothing_was_gathered(node: exp.Expr) -> exp.Expr:
    """Return a filtered list that is NULL where the filter left nothing; Spark's own is an empty list then."""
    gathers = isinstance(node, exp.Filter) and isinstance(node.this, exp.ArrayAgg)
    if not gathers or isinstance(node.parent, exp.ArraySize) or node.meta.get("guarded"):
        return node
    size, kept = node.copy(), node.copy()
    size.meta["guarded"] = kept.meta["guarded"] = True
    some = exp.GT(this=exp.ArraySize(this=size), expression=exp.Literal.number(0))
    return exp.Case(ifs=[exp.If(this=some, true=kept)])
