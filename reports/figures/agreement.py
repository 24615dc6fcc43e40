"""Agreement of two extractors: percentage with interval, and chance-corrected coefficients."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from reports import formats, theme
from reports.charts import layers, table
from reports.charts.intervals import interval, interval_layers
from reports.charts.scale import Scale
from reports.charts.table import INDENT, Column, LayOut, Line
from reports.figure import Figure, FigureKind, Outlined, Panel, Row, Tables

HEADER = "Sheet and field"
LABEL_LIMIT = 150
AXIS_HEIGHT = 42
ABBREVIATIONS = {"ci": "CI", "i2": "I²"}
COEFFICIENTS = {"kappa": "kappa", "ac1": "AC1", "icc": "ICC"}


def nothing_more(row: Row) -> str:
    """Nothing: the columns say it all."""
    return ""


def numbers(row: Row) -> str:
    """What has no column on a phone: 313 rows; kappa 0.86 (0.74 to 0.97)."""
    said = [f"{formats.count(row['n_pairs'])} {'row' if row['n_pairs'] == 1 else 'rows'}"]
    said += [
        f"{title} {coefficient(row, name)}"
        for name, title in COEFFICIENTS.items()
        if not formats.is_missing(row[name])
    ]
    return "; ".join(said)


@dataclass(frozen=True)
class Form:
    """The columns of the table, how they are laid out, and what is said below each field."""

    columns: tuple[Column, ...]
    lay_out: LayOut
    below: Callable[[Row], str]


WIDE = Form(
    columns=(
        Column(("n",), "Rows"),
        Column(("percent",), "Agree %"),
        Column(("kappa",), "Kappa (95% CI)", "right"),
        Column(("ac1",), "AC1 (95% CI)", "right"),
        Column(("icc",), "ICC (95% CI)", "right"),
    ),
    lay_out=table.lay_out,
    below=nothing_more,
)
# `words` makes a column the result, which is all that a phone has; no cell is drawn by that name.
NARROW = Form(
    columns=(Column(("percent",), "Agree %", words="words"),),
    lay_out=table.lay_out_narrow,
    below=numbers,
)


def draw(figure: Figure, tables: Tables, form: Form = WIDE) -> tuple[Panel, ...]:
    """Draw rpt_agreement as a table with a dot plot of the percentage, on one page."""
    rows = ordered(tables["rpt_agreement"])
    lines = field_lines(rows, form)
    layout = form.lay_out(form.columns, lines, HEADER, LABEL_LIMIT)
    scale = Scale((0.0, 100.0), layout.plot_width, is_percent=True)
    placed = table.place(lines, layout, table.HEADER - theme.GAP / 2)
    height = table.bottom(placed) + theme.GAP
    points = [(p.middle, p.line.mark) for p in placed if p.line.mark]
    spans = [
        span
        for y, row in points
        if (span := interval(row["percent_low"], row["percent_high"], y, theme.RECOMMENDED))
    ]
    symbols = [
        {
            "x": row["percent_agreement"],
            "y": y,
            "area": 46.0,
            "fill": theme.RECOMMENDED.light,
            "colour": theme.RECOMMENDED.light,
        }
        for y, row in points
        if not formats.is_missing(row["percent_agreement"])
    ]
    grid = [
        line
        for tick in scale.ticks
        for line in table.upright(tick, placed, layout, table.HEADER - 5, height)
    ]
    title = {"y": height + 32, "text": "Rows that agree (%)", "colour": theme.MUTED.light}
    drawn = [
        *table.stripe_layer(placed, layout, height),
        layers.verticals(grid, scale, height, theme.RULE),
        *interval_layers(spans, scale, height),
        layers.symbols(symbols, scale, height, "circle"),
        *table.header_layers(HEADER, layout, height),
        *table.text_layers(placed, layout, height),
        layers.texts([title], layout.plot_width / 2, height, align="center", name="axis_title"),
    ]
    return (table.panel(drawn, layout, height, AXIS_HEIGHT, notes()),)


def ordered(rows: Sequence[Row]) -> list[Row]:
    """Rows by sheet and field."""
    return sorted(rows, key=lambda row: (row["sheet"], row["sort_order"]))


def words(code: str) -> str:
    """A name in words: `ci_low` becomes CI low."""
    first, *rest = code.split("_")
    return " ".join([ABBREVIATIONS.get(first, first.capitalize()), *rest])


def coefficient(row: Row, name: str) -> str:
    """A coefficient with its interval; a dash where the field has none."""
    if formats.is_missing(row[name]):
        return theme.NOT_APPLICABLE
    if formats.is_missing(row[f"{name}_low"]):
        return formats.number(row[name])
    return formats.estimate(row[name], row[f"{name}_low"], row[f"{name}_high"])


def field_lines(rows: Sequence[Row], form: Form) -> list[Line]:
    """A bold line per sheet, then its fields."""
    lines = []
    for sheet, members in groupby(rows, key=lambda row: row["sheet"]):
        lines.append(Line(words(sheet), is_bold=True, gap=theme.GAP))
        for i, row in enumerate(members):
            cells = {
                "n": formats.count(row["n_pairs"]),
                "percent": formats.number(row["percent_agreement"], 1),
                **{name: coefficient(row, name) for name in COEFFICIENTS},
            }
            lines.append(
                Line(
                    words(row["field"]),
                    cells,
                    indent=INDENT,
                    is_striped=i % 2 == 0,
                    mark=dict(row),
                )
            )
            if said := form.below(row):
                lines.append(
                    Line(
                        said,
                        colour=theme.MUTED,
                        size=theme.SMALL,
                        indent=INDENT,
                        is_striped=i % 2 == 0,
                    )
                )
    return lines


def notes() -> tuple[str, ...]:
    """What the columns are."""
    return (
        "Rows: rows in which both extractors have a value. Kappa: Cohen's; AC1: Gwet's; ICC: "
        f"ICC(A,1). {theme.NOT_APPLICABLE}: not defined for the field (codes have kappa and AC1, "
        "numbers an ICC) or not estimable.",
    )


def message(figure: Figure, tables: Tables) -> str | None:
    """The range of agreement over the fields, and the weakest field."""
    rows = [
        row
        for row in ordered(tables["rpt_agreement"])
        if not formats.is_missing(row["percent_agreement"])
    ]
    if not rows:
        return None
    least = min(rows, key=lambda row: row["percent_agreement"])
    most = max(row["percent_agreement"] for row in rows)
    span = f"{formats.number(least['percent_agreement'], 1)}% to {formats.number(most, 1)}%"
    return (
        f"Two extractors agree in {span} of rows, depending on the field; least on "
        f"{least['field'].replace('_', ' ')}"
    )


def describe(figure: Figure, tables: Tables) -> str:
    """Each field with its percentage and coefficients."""
    rows = ordered(tables["rpt_agreement"])
    sentences = [f"Dot plot of agreement for {formats.counted(len(rows), 'field')}."]
    for row in rows:
        found = [
            f"{name} {formats.number(row[key])}"
            for key, name in COEFFICIENTS.items()
            if not formats.is_missing(row[key])
        ]
        listed = ", ".join([formats.percent(row["percent_agreement"]), *found])
        sheet = words(row["sheet"])
        sentences.append(f"{sheet}, {words(row['field'])}: {listed}.")
    return " ".join(sentences)


def data_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per field."""
    return [
        (
            words(row["sheet"]),
            words(row["field"]),
            formats.count(row["n_pairs"]),
            formats.count(row["n_agreed"]),
            formats.estimate(row["percent_agreement"], row["percent_low"], row["percent_high"], 1),
            *(coefficient(row, name) for name in COEFFICIENTS),
            reasons(row),
        )
        for row in ordered(tables["rpt_agreement"])
    ]


def reasons(row: Row) -> str:
    """Why coefficients are missing."""
    found = [row[f"{name}_status"] for name in COEFFICIENTS]
    return "; ".join(
        reason.replace("_", " ") for reason in dict.fromkeys(found) if reason and reason != "ok"
    )


KIND = FigureKind(
    reads=("rpt_agreement",),
    draw=draw,
    phone=partial(draw, form=NARROW),
    message=message,
    describe=describe,
    columns=(
        "Sheet",
        "Field",
        "Rows",
        "Agree",
        "Agreement % (95% CI)",
        "Kappa (95% CI)",
        "AC1 (95% CI)",
        "ICC (95% CI)",
        "Why none",
    ),
    numeric=frozenset(
        {"Rows", "Agree", "Agreement % (95% CI)", "Kappa (95% CI)", "AC1 (95% CI)", "ICC (95% CI)"}
    ),
    data_rows=data_rows,
    page="extraction",
    outlined=Outlined(
        order=90,
        figure_id="agreement",
        title="Agreement of the two extractors by field",
        subtitle="Percentage of rows that agree, with chance-corrected coefficients",
        measure="percent",
        sheets=("second_extraction",),
    ),
)
