"""The part of SQL that a model may write: one query over the listed views, checked node by node."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from workers.failures import Refused
from workers.tools.query_database.database import View

LONGEST = 4000
"""Characters of a statement."""

FUNCTIONS = frozenset(
    (
        *("abs", "acos", "age", "asin", "atan", "atan2", "avg", "ceil", "ceiling", "char_length"),
        *("coalesce", "concat", "concat_ws", "cos", "count", "cume_dist", "current_date", "current_time"),
        *("current_timestamp", "date", "date_part", "datetime", "dense_rank", "exp", "first_value"),
        *("floor", "glob", "greatest", "group_concat", "ifnull", "iif", "initcap", "instr", "julianday"),
        *("lag", "last_value", "lead", "least", "left", "length", "like", "ln", "log", "log10", "lower"),
        *("ltrim", "make_date", "max", "min", "mod", "nth_value", "ntile", "nullif", "percent_rank"),
        *("percentile_cont", "percentile_disc", "pi", "pow", "power", "radians", "rank", "replace"),
        *("right", "round", "row_number", "rtrim", "sign", "sqrt", "stddev", "stddev_pop", "stddev_samp"),
        *("strftime", "string_agg", "substr", "substring", "sum", "time", "to_char", "to_date", "total"),
        *("trim", "trunc", "typeof", "unixepoch", "upper", "var_pop", "var_samp", "variance"),
    )
)
"""Functions by the names that databases know them by: none reads, writes, waits, or makes much of little."""

_CLAUSES = (
    *(exp.Select, exp.Union, exp.Intersect, exp.Except, exp.Subquery, exp.With, exp.CTE, exp.From, exp.Join),
    *(exp.Where, exp.Group, exp.Having, exp.Order, exp.Ordered, exp.Limit, exp.Offset, exp.Distinct),
    *(exp.Table, exp.TableAlias, exp.Alias, exp.Column, exp.Identifier, exp.Star, exp.Literal, exp.Boolean),
    *(exp.Null, exp.Paren, exp.Tuple, exp.Window, exp.WindowSpec, exp.WithinGroup, exp.Filter, exp.Interval),
    *(exp.Var, exp.DataType, exp.DataTypeParam),
)
_OPERATORS = (
    *(exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.In),
    *(exp.Between, exp.Exists, exp.Like, exp.ILike, exp.Escape, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod),
    *(exp.IntDiv, exp.Neg, exp.DPipe, exp.Case, exp.If, exp.Cast, exp.NullSafeEQ, exp.NullSafeNEQ),
)
_CALLS = (
    *(exp.Abs, exp.Avg, exp.Ceil, exp.Coalesce, exp.Concat, exp.ConcatWs, exp.Count, exp.CumeDist),
    *(exp.CurrentDate, exp.CurrentTime, exp.CurrentTimestamp, exp.Date, exp.DenseRank, exp.Exp, exp.Extract),
    *(exp.FirstValue, exp.Floor, exp.Greatest, exp.GroupConcat, exp.Lag, exp.LastValue, exp.Lead, exp.Least),
    *(exp.Left, exp.Length, exp.Ln, exp.Log, exp.Lower, exp.Max, exp.Min, exp.NthValue, exp.Ntile),
    *(exp.Nullif, exp.PercentRank, exp.PercentileCont, exp.PercentileDisc, exp.Pow, exp.Rank, exp.Replace),
    *(exp.Right, exp.Round, exp.RowNumber, exp.Sign, exp.Sqrt, exp.Stddev, exp.StddevPop, exp.StddevSamp),
    *(exp.StrPosition, exp.Substring, exp.Sum, exp.TimeToStr, exp.TimestampTrunc, exp.Trim, exp.Upper),
    *(exp.Variance, exp.VariancePop, exp.TsOrDsToTimestamp, exp.TsOrDsToDate, exp.Anonymous),
)
_ALLOWED = frozenset((*_CLAUSES, *_OPERATORS, *_CALLS))

_TYPES = frozenset(
    exp.DataType.Type[name]
    for name in (
        *("BIGINT", "BOOLEAN", "CHAR", "DATE", "DECIMAL", "DOUBLE", "FLOAT", "INT", "INTERVAL", "SMALLINT"),
        *("TEXT", "TIME", "TIMESTAMP", "TIMESTAMPTZ", "VARCHAR"),
    )
)
_WORD = re.compile(r"[A-Za-z_]{1,30}")
_TABLE_ARGS = frozenset({"this", "db", "alias"})


@dataclass(frozen=True, slots=True)
class Grammar:
    """What may be asked of one database.

    Attributes:
        dialect: as sqlglot names it.
        views: that may be read.
    """

    dialect: str
    views: Sequence[View]

    def checked(self, statement: str, rows: int) -> str:
        """The statement as it may be run: re-written, with every view by its full name, and limited.

        Args:
            statement: what the model wrote.
            rows: the most that it may ask for.

        Raises:
            Refused: it is more than one query over the views; the text says why.
        """
        query = self._parsed(statement)
        for node in query.walk():
            _allow(node)
        named = self._name_ctes(query)
        for table in list(query.find_all(exp.Table)):
            self._resolve(table, _visible(table, named))
        if self.dialect == "postgres":
            _quote(query)
        return _limited(query, rows).sql(dialect=self.dialect, comments=False)

    def _parsed(self, statement: str) -> exp.Query:
        if len(statement) > LONGEST:
            raise Refused(f"The query is longer than {LONGEST} characters.")
        if "\0" in statement:
            raise Refused("The query has a character in it that no query has.")
        try:
            found = [each for each in sqlglot.parse(statement, dialect=self.dialect) if each]
        except (SqlglotError, RecursionError):
            raise Refused("The query cannot be understood.") from None
        if len(found) != 1 or not isinstance(found[0], (exp.Select, exp.SetOperation)):
            raise Refused("Only a single SELECT may be asked.")
        return found[0]

    def _name_ctes(self, query: exp.Query) -> list[tuple[exp.CTE, str]]:
        """Give each CTE a name that no view has; returns them in order with the names that they had."""
        named = []
        for clause in list(query.find_all(exp.With)):
            if clause.parent is not query:
                raise Refused("WITH may stand at the beginning of the query alone.")
            if clause.args.get("recursive"):
                raise Refused("WITH RECURSIVE may not be asked.")
            for number, cte in enumerate(clause.expressions, start=1):
                alias = cte.args["alias"]
                named.append((cte, self._folded(alias.this)))
                alias.set("this", exp.to_identifier(f"cte_{number}"))
        return named

    def _resolve(self, table: exp.Table, ctes: Mapping[str, str]) -> None:
        """Replace a table's name by that of a CTE or the full one of a view."""
        if not isinstance(table.this, exp.Identifier) or any(
            value for key, value in table.args.items() if key not in _TABLE_ARGS
        ):
            raise Refused("Only views may stand behind FROM and JOIN.")
        name = self._folded(table.this)
        schema = self._folded(table.args["db"]) if table.args.get("db") else ""
        if not schema and name in ctes:
            if not table.args.get("alias"):
                table.set("alias", exp.TableAlias(this=table.this.copy()))
            table.set("this", exp.to_identifier(ctes[name]))
            return
        view = next((each for each in self.views if self._is(each, schema, name)), None)
        if view is None:
            listed = ", ".join(each.name for each in self.views)
            raise Refused(f"{name} may not be read, only {listed}.")
        table.set("this", exp.to_identifier(view.name, quoted=True))
        table.set("db", exp.to_identifier(view.schema, quoted=True))

    def _is(self, view: View, schema: str, name: str) -> bool:
        own = (view.schema, view.name)
        if self.dialect == "sqlite":
            own = (own[0].lower(), own[1].lower())
        return own == (schema or own[0], name)

    def _folded(self, identifier: exp.Expression) -> str:
        """A name as the database compares it."""
        kept = self.dialect == "postgres" and identifier.args.get("quoted")
        return identifier.name if kept else identifier.name.lower()


def _allow(node: exp.Expr) -> None:
    if type(node) not in _ALLOWED:
        raise Refused(f"{type(node).__name__} is not among what may be asked.")
    match node:
        case exp.Anonymous() if not isinstance(node.this, str) or node.this.lower() not in FUNCTIONS:
            raise Refused(f"The function {node.name} may not be called.")
        case exp.DataType() if node.this not in _TYPES or node.args.get("nested"):
            raise Refused("Values may be cast to plain types alone.")
        case exp.Var() if not _WORD.fullmatch(node.name):
            raise Refused("The query cannot be understood.")
        case exp.Select() if node.args.get("kind") or node.args.get("into") or node.args.get("locks"):
            raise Refused("Only a plain SELECT may be asked.")


def _visible(table: exp.Table, named: Sequence[tuple[exp.CTE, str]]) -> dict[str, str]:
    """The CTEs that a table's name may mean: inside a CTE those before it, outside all of them."""
    inside = table.find_ancestor(exp.CTE)
    visible = {}
    for cte, name in named:
        if cte is inside:
            break
        visible[name] = cte.args["alias"].name
    return visible


def _quote(query: exp.Query) -> None:
    """Quote every name, so that none is taken for a keyword that is a value, such as `user`."""
    for identifier in query.find_all(exp.Identifier):
        if not identifier.args.get("quoted"):
            identifier.set("this", identifier.name.lower())
            identifier.set("quoted", value=True)


def _limited(query: exp.Query, rows: int) -> exp.Query:
    """The query with a limit of no more than so many rows."""
    limit = query.args.get("limit")
    asked = limit.expression if isinstance(limit, exp.Limit) else None
    if isinstance(asked, exp.Literal) and not asked.is_string and asked.name.isdigit():
        rows = min(rows, int(asked.name))
    return query.limit(rows, copy=False)
