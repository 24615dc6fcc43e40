"""When two readings agree, and how far: by the queries of the warehouse, run on other pairs.

The pairs of two workbooks take the place of the model `int_reading_pairs`; what says when they
agree (`int_extraction_differences`) and how far (`int_extraction_agreement`) are the compiled
models themselves. Columns of which `agreement_fields` says nothing are compared exactly.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, fields

import duckdb
import pyarrow as pa

import python_udfs
from umbrella.building.plan import Plan
from umbrella.comparing.readers import Reader
from umbrella.errors import UmbrellaError
from umbrella.sheets.contract import Column, Sheet
from umbrella.sheets.readings import NUMERIC
from umbrella.text import one_case, shorten

FIELDS_SHEET = "agreement_fields"
PAIRS, DIFFERENCES, AGREEMENT = (
    "int_reading_pairs", "int_extraction_differences", "int_extraction_agreement",
)  # fmt: skip
FIELDS = "stg_protocol__agreement_fields"
ALL = "all"
MATCHED_SET = "found_or_resolved"
FOUND, RESOLVED, NOT_FOUND = "y", "resolved", "n"
"""Whether the second reader has the row: surely, matched by its numbers too, or not."""

CODED = ("code", "codes", "flags")
SEVERAL = ("codes", "flags")
DIFFERS, ONLY_FIRST, ONLY_SECOND = "differs", "only_first_has_it", "only_second_has_it"
DIFFERENT = (DIFFERS, ONLY_FIRST, ONLY_SECOND)


@dataclass(frozen=True)
class Rule:
    """How a column is compared: a row of the sheet `agreement_fields`, or exactly."""

    row_number: int
    sheet: str
    field: str
    kind: str
    tolerance_kind: str = "exact"
    tolerance: float | None = None
    same_codes: str | None = None
    role: str = "none"
    reason: str = "compared exactly"


@dataclass(frozen=True)
class Reading:
    """What both readers have in one column of one row; `row_id` is unique within the sheet.

    The units are those of rates per time.
    """

    row_id: str
    found: str
    first_row: int
    second_row: int
    meta_analysis_id: str
    first_value: str | None
    second_value: str | None
    first_unit: str | None = None
    second_unit: str | None = None


@dataclass(frozen=True)
class Agreed:
    """How far the readers agree in one column.

    `n_pairs` counts rows in which both have a value, `n_one_sided` those in which one has.
    `percent`, from 0 to 100, and `kappa` (codes) or `icc` (numbers, ICC(A,1)) are None where they
    are not defined.
    """

    sheet: str
    column: str
    n_pairs: int
    n_agreed: int
    n_one_sided: int
    percent: float | None
    kappa: float | None
    icc: float | None


def rules_of(reader: Reader, columns: Mapping[str, Sequence[str]]) -> dict[tuple[str, str], Rule]:
    """The rule of each column of each sheet, by those that the reader's sheets declare."""
    declared = _declared(reader)
    rules = {}
    for sheet, names in columns.items():
        kinds = reader.sheets[sheet].kinds
        for name in names:
            kind = "number" if kinds[name].kind in NUMERIC else "code"
            said = {"kind": kind, **declared.get((sheet, name), {})}
            rules[sheet, name] = Rule(len(rules) + 1, sheet, name, **said)
    return rules


def _declared(reader: Reader) -> dict[tuple[str, str], dict]:
    """What the sheet says of its fields; raises UmbrellaError for what it cannot say."""
    sheet = _fields_sheet(reader)
    rows = reader.cells(FIELDS_SHEET)
    for number, row in zip(reader.numbers(FIELDS_SHEET), rows, strict=True):
        for name in ("kind", "tolerance_kind", "role"):
            if row[name] not in (allowed := sheet.kinds[name].allowed):
                raise _fault(sheet, number, name, row[name], f"one of: {', '.join(allowed)}")
        if row["tolerance"] and not _is_number(row["tolerance"]):
            raise _fault(sheet, number, "tolerance", row["tolerance"], "a number, or an empty cell")
    names = [field.name for field in fields(Rule) if field.name in sheet.columns]
    return {
        (row["sheet"], row["field"]): {
            name: float(row[name]) if name == "tolerance" and row[name] else row[name] or None
            for name in names
            if name not in ("sheet", "field")
        }
        for row in rows
    }


def _fields_sheet(reader: Reader) -> Sheet:
    return next(sheet for sheet in reader.result.tables if sheet.name == FIELDS_SHEET)


def roles_of(reader: Reader) -> tuple[str, ...]:
    """What pooling may use a field for, the weightiest first."""
    return _fields_sheet(reader).kinds["role"].allowed


def _fault(sheet: Sheet, number: int, column: str, value: str, right: str) -> UmbrellaError:
    return UmbrellaError(
        f"{sheet.file}, row {number}, column {column}, value {shorten(value)}: this says nothing "
        f"of how to compare. Right: {right}"
    )


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def comparable(cell: str, column: Column) -> str | None:
    """A cell as it is compared: several codes in one order, a text without needless differences."""
    if column.kind in SEVERAL:
        return ";".join(sorted(filter(None, map(str.strip, cell.split(";"))))) or None
    if column.kind == "text":
        return one_case(cell) or None
    return cell or None


def compare(
    plan: Plan, readings: Mapping[tuple[str, str], Sequence[Reading]], rules: Iterable[Rule]
) -> tuple[list[tuple[str, str, str, str, float | None]], list[Agreed]]:
    """Sheet, row, column and comparison of each reading that differs, and the agreement.

    Last in a difference is the second number of a rate per time, where it is in the person-time of
    the first reader and not as typed.
    """
    rules = list(rules)
    with duckdb.connect(config=dict(plan.config)) as connection:
        connection.execute("attach ':memory:' as umbrella; use umbrella")
        python_udfs.register(connection)
        connection.execute("create schema staging; create schema intermediate")
        given = {
            ("staging", FIELDS): _as_table([asdict(rule) for rule in rules], RULE_TYPES),
            ("intermediate", PAIRS): _as_table(list(_pairs(readings, rules)), PAIR_TYPES),
        }
        for (schema, name), table in given.items():
            connection.register("given", table)
            connection.execute(f"create table {schema}.{name} as select * from given")
        for name in (DIFFERENCES, AGREEMENT):
            query = next(step.query for step in plan.steps if step.name == name)
            connection.execute(f"create table intermediate.{name} as {query}")
        different = connection.execute(
            "select sheet, row_id, field, comparison, nullif(second_number, "
            f"try_cast(second_value as double)) from intermediate.{DIFFERENCES} "
            "where list_contains(?, comparison)",
            [list(DIFFERENT)],
        ).fetchall()
        found = connection.execute(
            "select sheet, field, n_pairs, n_agreed, n_one_sided, 100 * n_agreed / "
            "nullif(n_pairs, 0), kappa.estimate, icc.estimate "
            f"from intermediate.{AGREEMENT} where source_kind = ? and matched_set = ? "
            "order by field_order",
            [ALL, MATCHED_SET],
        ).fetchall()
    return different, [Agreed(*row) for row in found]


RULE_TYPES = pa.schema(
    [
        ("row_number", pa.int64()), ("sheet", pa.string()), ("field", pa.string()),
        ("kind", pa.string()), ("tolerance_kind", pa.string()), ("tolerance", pa.float64()),
        ("same_codes", pa.string()), ("role", pa.string()), ("reason", pa.string()),
    ]
)  # fmt: skip

PAIR_TYPES = pa.schema(
    [
        ("row_id", pa.string()), ("found", pa.string()), ("first_row", pa.int64()),
        ("second_row", pa.int64()), ("meta_analysis_id", pa.string()),
        ("first_value", pa.string()), ("second_value", pa.string()),
        ("first_unit", pa.string()), ("second_unit", pa.string()),
        *[RULE_TYPES.field(n) for n in RULE_TYPES.names if n != "row_number"],
        ("source_kind", pa.string()), ("decided_unit", pa.string()),
        ("adjudicated_value", pa.string()),
        ("is_adjudicated", pa.bool_()),
    ]
)  # fmt: skip
"""Those of the model int_reading_pairs."""


def _pairs(
    readings: Mapping[tuple[str, str], Sequence[Reading]], rules: Sequence[Rule]
) -> Iterable[dict]:
    for rule in rules:
        said = asdict(rule)
        for reading in readings[rule.sheet, rule.field]:
            # What is no number is compared as a text.
            kind = rule.kind if _are_numbers(reading, rule.kind) else "code"
            yield {
                **said,
                "kind": kind,
                **dict(zip(READING_NAMES, astuple(reading), strict=True)),
                "source_kind": ALL,
                "decided_unit": None,
                "adjudicated_value": None,
                "is_adjudicated": False,
            }


READING_NAMES = tuple(field.name for field in fields(Reading))


def _are_numbers(reading: Reading, kind: str) -> bool:
    values = (reading.first_value, reading.second_value)
    return kind == "number" and all(value is None or _is_number(value) for value in values)


def _as_table(rows: Sequence[Mapping], schema: pa.Schema) -> pa.Table:
    columns = [[row[name] for row in rows] for name in schema.names]
    return pa.table(columns, schema=schema)
