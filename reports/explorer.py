"""The live chart: which of the chosen meta-analyses are left, and what they give when pooled anew.

The script of the page chooses them by the filters of analyses, one effect of each; the chart
leaves out what a reader cuts off. Each kind of analysis has a chart of its own: it pools on the
scale of the analyses and shows ratios, correlations and percentages as such. The pool is
DerSimonian and Laird's (1986) with a normal interval, as a chain of transforms. The chart is
written as Vega-Lite and compiled to Vega here, so that a page need not compile it and the names of
its data sets are known.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from statistics import NormalDist
from typing import Any

import altair as alt
import vl_convert

from reports import formats, render, sizes, text, theme
from reports.charts import layers
from reports.charts.intervals import ARROW_AREA, ARROW_REACH, DIAMOND_HALF
from reports.charts.scale import Scale
from reports.figure import Row
from reports.theme import Colour
from reports.words import upper_first
from reports.workshop import Cache

MEMBERS, POOLS, SIDES = "members", "pools", "sides"
# Policies whose results stand below the live pool, in their order: name and colour.
POLICIES = {
    "seed_paper": ("Warehouse, conventional method", theme.SAME_METHOD),
    "recommended": ("Warehouse, recommended method", theme.RECOMMENDED),
}
# Members are ranked from 1; pools follow them, however many there are.
LIVE_ROW = 10_000
SCATTER_HEIGHT = 130
# Px from the forest's first row up to the words on either side of no effect.
SIDES_AT = -24
LARGEST_SQUARE = 120.0
SMALLEST_SQUARE = 5.0


def equal(name: str, field: str) -> str:
    """A test that a field equals what is chosen, or that nothing is."""
    return f"{name} == '' || datum.{field} == {name}"


def at_least(name: str, field: str) -> str:
    """A test that a field is known and not below a number, or that there is no number."""
    return f"{name} == '' || (isValid(datum.{field}) && datum.{field} >= toNumber({name}))"


def at_most(name: str, field: str) -> str:
    """A test that a field is known and not above a number, or that there is no number."""
    return f"{name} == '' || (isValid(datum.{field}) && datum.{field} <= toNumber({name}))"


CUTS = {
    "source": equal("source", "source_kind"),
    "min_amstar": at_least("min_amstar", "amstar_score"),
    "min_trials": at_least("min_trials", "n_trials"),
    "year_from": at_least("year_from", "year"),
    "year_to": at_most("year_to", "year"),
    "estimate_from": at_least("estimate_from", "estimate"),
    "estimate_to": at_most("estimate_to", "estimate"),
}
SCOPE, SELECTION, MEASURE = "pools", "selection", "measure"
TAKEN_WHERE_UNSAID = "all"
# Level of the limits that rows of rpt_explorer have.
REPORTED_LEVEL = 0.95
# Px from the left of a name to the numbers right of it; the tooltip has the name whole.
LABEL_LIMIT = 155.0
BRUSH_MODE = "brush_mode"
PASSES_BRUSH = {
    "or": [
        {"and": [f"{BRUSH_MODE} == 'keep'", {"param": "brush"}]},
        {"and": [f"{BRUSH_MODE} == 'drop'", {"not": {"param": "brush", "empty": False}}]},
    ]
}
SHOWN = {
    "identity": "({})",
    "exp": "exp({})",
    "tanh": "((exp(2 * ({0})) - 1) / (exp(2 * ({0})) + 1))",
    "expit": "(100 / (1 + exp(-({}))))",
}
"""What is shown of a value on the scale of the analyses, by the column shown_as."""


@dataclass(frozen=True)
class Kind:
    """A row of rpt_explorer_kinds: analyses that pool the same measure of the same things."""

    key: str
    label: str
    measure: str
    decimals: int
    shown_as: str
    no_effect: float | None
    member: str
    members: str
    studies: str
    person_time_unit: str | None = None

    @classmethod
    def from_row(cls, row: Row) -> "Kind":
        """Read a row of rpt_explorer_kinds."""
        is_percent = row["shown_as"] == "expit"
        return cls(
            key=row["analysis_kind"],
            label=row["kind_label"],
            measure="%" if is_percent else row["short_label"],
            decimals=row["decimals"],
            shown_as=row["shown_as"],
            no_effect=row["no_effect"],
            member=row["member_word"],
            members=row["members_word"],
            studies=row["studies_word"],
            person_time_unit=row["person_time_unit"],
        )

    @property
    def size(self) -> str:
        """What stands over the sizes of its members."""
        return sizes.heading([{"person_time_unit": self.person_time_unit}])

    @property
    def is_log(self) -> bool:
        """Whether its axis is logarithmic; one of rates begins at 0."""
        return self.shown_as == "exp" and not self.is_of_rates

    @property
    def is_of_rates(self) -> bool:
        """Whether its values are rates of one group, which have no value of no effect."""
        return self.no_effect is None

    @property
    def is_percent(self) -> bool:
        """Whether its values are percentages."""
        return self.shown_as == "expit"

    def shown(self, expression: str) -> str:
        """An expression on the scale of the analyses, as it is shown."""
        return SHOWN[self.shown_as].format(expression)


def tooltip(kind: Kind) -> dict[str, str]:
    """What a tooltip tells of a member: fields with their names."""
    return {
        "citation_label": upper_first(kind.member),
        "result": f"{kind.measure} (95% CI)",
        "weight_text": "Weight",
        "trials": upper_first(kind.studies),
        "size": kind.size,
        "amstar": "AMSTAR",
        "source_kind": "Read from",
        "source_locator": "Place in the source",
    }


@dataclass(frozen=True)
class Column:
    """Texts beside the plot: field of the members, px from the plot's left, and heading."""

    field: str
    at: float
    heading: str
    align: str = "right"

    def of(self, kind: Kind) -> "Column":
        """The column with the words of a kind of analysis."""
        words = self.heading.format(
            member=upper_first(kind.member),
            studies=upper_first(kind.studies),
            measure=kind.measure,
            size=kind.size,
        )
        return replace(self, heading=words)


@dataclass(frozen=True)
class Layout:
    """Sizes in px of the chart: the plot, the room beside it, a row, and where in a row things are.

    text_shift and mark_shift  distance of texts and marks from the middle of a row
    """

    plot: float
    left: float
    right: float
    row: float
    text_shift: float
    mark_shift: float
    columns: tuple[Column, ...]

    def of(self, kind: Kind) -> "Layout":
        """The layout with the words of a kind of analysis."""
        return replace(self, columns=tuple(column.of(kind) for column in self.columns))

    @property
    def width(self) -> float:
        """Width of the whole chart."""
        return self.left + self.plot + self.right + 2 * theme.PADDING


WIDE = Layout(
    plot=270,
    left=285,
    right=180,
    row=theme.ROW,
    text_shift=0,
    mark_shift=0,
    columns=(
        Column("short_label", -285, "{member}", "left"),
        Column("trials", -86, "{studies}"),
        Column("size", -14, "{size}"),
        Column("result", 396, "{measure} (95% CI)"),
        Column("weight_text", 450, "Weight"),
    ),
)
NARROW = Layout(
    plot=296,
    left=36,
    right=8,
    row=36,
    text_shift=-7,
    mark_shift=9,
    columns=(
        Column("short_label", -36, "{member}", "left"),
        Column("result", 304, "{measure} (95% CI)"),
    ),
)
LAYOUTS = {"wide": WIDE, "narrow": NARROW}


@render.unchecked
def compiled(
    layout: Layout,
    kind: Kind,
    domain: tuple[float, float],
    years: tuple[int, int],
    ci_level: float,
    filters: Mapping[str, str],
    kept: Cache,
) -> dict[str, Any]:
    """The Vega specification of the chart, whose data sets are still empty.

    domain    ends of the axis of estimates, as they are shown
    years     first and last year of publication
    ci_level  confidence level of the live pool, a fraction
    filters   names of the filters of analyses, each with its name for people
    kept      what earlier runs made
    """
    # What the chart follows from, not what it is: to put it together takes longest.
    source = repr((own_code(), layout, kind, domain, years, ci_level, sorted(filters.items())))

    def compile_chart() -> bytes:
        scale = Scale(domain, layout.plot, kind.is_log, kind.is_percent)
        chart = live_chart(layout.of(kind), kind, scale, years, ci_level, filters)
        return json.dumps(vl_convert.vegalite_to_vega(chart.to_dict(validate=False))).encode()

    return json.loads(kept.fetch("json", source, compile_chart))


@cache
def own_code() -> str:
    """A hash of all that draws: the code of this package, and the library of charts."""
    total = hashlib.sha256(alt.__version__.encode())
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        total.update(path.read_bytes())
    return total.hexdigest()


def live_chart(
    layout: Layout,
    kind: Kind,
    scale: Scale,
    years: tuple[int, int],
    ci_level: float,
    filters: Mapping[str, str],
) -> alt.VConcatChart:
    """Estimate against year above the forest; both show what no cut leaves out."""
    steps = (
        alt.Chart()
        .transform_filter(" && ".join(f"({test})" for test in CUTS.values()))
        .transform_calculate(**shown_of_member(scale))
    )
    return alt.vconcat(
        scatter(layout, kind, scale, years),
        forest(layout, kind, scale, ci_level, tooltip(kind) | filters),
        data=alt.NamedData(MEMBERS),
        transform=steps.transform,
        spacing=50,
        padding=theme.PADDING,
        autosize=alt.AutoSizeParams(type="pad", resize=True),
        config=theme.config() | {"background": "transparent"},
        params=[item.param for item in inputs()],
    )


def inputs() -> Iterator[alt.Parameter]:
    """A parameter for each control that cuts, bound to the control itself."""
    for name in (*CUTS, BRUSH_MODE):
        yield alt.param(name=name, value="", bind=alt.BindDirect(element=f"#{control_id(name)}"))


def control_id(name: str) -> str:
    """Id of a control in the page."""
    return f"explorer-{name.replace('_', '-')}"


def scatter(layout: Layout, kind: Kind, scale: Scale, years: tuple[int, int]) -> alt.Chart:
    """Estimate against year: where the brush is drawn."""
    look = {"fill": theme.INK.light, "fillOpacity": 0.1, "stroke": theme.INK.light}
    brush = alt.selection_interval(name="brush", encodings=["x", "y"], mark=alt.BrushConfig(**look))
    is_left = {"test": PASSES_BRUSH, "value": theme.SQUARE.light}
    title = alt.Title(
        "Estimate by year: draw a rectangle",
        anchor="start",
        fontSize=theme.TEXT,
        fontWeight="normal",
        font=theme.FONT,
        color=theme.MUTED.light,
    )
    year = alt.Y(
        "year:Q",
        scale=alt.Scale(domain=[years[0] - 1, years[1] + 1], nice=False, zero=False),
        axis=alt.Axis(format="d", title=None, tickMinStep=1, tickCount=5),
    )
    told = {name: tooltip(kind)[name] for name in ("citation_label", "result")}
    return (
        alt.Chart()
        .mark_circle(size=48, opacity=1, strokeWidth=1, stroke=theme.SQUARE.light, clip=True)
        .encode(
            x=layers.x("estimate", scale),
            y=year,
            fill=alt.Fill(condition=is_left, value=theme.PAPER.light),
            tooltip=tooltips(told),
        )
        .add_params(brush)
        .properties(name="scatter", title=title, width=layout.plot, height=SCATTER_HEIGHT)
    )


def forest(
    layout: Layout, kind: Kind, scale: Scale, ci_level: float, told: Mapping[str, str]
) -> alt.LayerChart:
    """The members that are left, the live pool below them, and the warehouse's own results."""
    parts = (
        stripes(layout, told),
        *null_lines(kind, scale),
        *side_words(layout, scale),
        headings(layout),
        member_layers(layout, scale, told),
        live_layers(layout, kind, scale, ci_level),
        pool_layers(layout, kind, scale),
    )
    return alt.layer(*parts, transform=weighing(), width=layout.plot, height=alt.Step(layout.row))


def weighing() -> list[alt.Transform]:
    """Weights and tau2 of DerSimonian and Laird over the rows that are left, and their order."""
    spread = "datum.sum_w - datum.sum_w2 / datum.sum_w"
    # Collected on an empty chart: each step copies the chart that it is added to.
    steps = (
        alt.Chart()
        .transform_filter(PASSES_BRUSH)
        .transform_calculate(w="1 / datum.vi")
        .transform_calculate(w2="datum.w * datum.w", w_yi="datum.w * datum.yi")
        .transform_joinaggregate(
            k="count()", sum_w="sum(w)", sum_w2="sum(w2)", sum_w_yi="sum(w_yi)"
        )
        .transform_calculate(q_part="datum.w * pow(datum.yi - datum.sum_w_yi / datum.sum_w, 2)")
        .transform_joinaggregate(q="sum(q_part)")
        .transform_calculate(
            tau2=f"datum.k < 2 ? 0 : max(0, (datum.q - (datum.k - 1)) / ({spread}))"
        )
        .transform_calculate(weight="1 / (datum.vi + datum.tau2)")
        .transform_calculate(weighted_yi="datum.weight * datum.yi")
        .transform_joinaggregate(sum_weight="sum(weight)", max_weight="max(weight)")
        .transform_calculate(
            weight_text="format(100 * datum.weight / datum.sum_weight, '.1f') + '%'",
            area=f"max({SMALLEST_SQUARE}, {LARGEST_SQUARE} * datum.weight / datum.max_weight)",
        )
        .transform_window(
            row="row_number()",
            sort=[
                alt.SortField("yi", order="descending"),
                alt.SortField("effect_id", order="ascending"),
            ],
            frame=[None, 0],
        )
    )
    return steps.transform


def stripes(layout: Layout, told: Mapping[str, str]) -> alt.Chart:
    """A stripe behind every second member; behind the others nothing is seen."""
    return (
        alt.Chart()
        .mark_rect(opacity=1, strokeWidth=0)
        .transform_calculate(stripe=f"datum.row % 2 ? '{theme.STRIPE.light}' : 'transparent'")
        .encode(
            x=alt.XValue(-layout.left),
            x2=alt.X2Value(layout.plot + layout.right),
            y=row_position(),
            fill=alt.Fill("stripe:N", scale=None),
            tooltip=tooltips(told),
        )
    )


def member_layers(layout: Layout, scale: Scale, told: Mapping[str, str]) -> alt.LayerChart:
    """Interval, square and texts of each member."""
    colour = theme.SQUARE
    bar = (
        alt.Chart()
        .mark_rule(strokeWidth=theme.LINE, color=colour.light, yOffset=layout.mark_shift)
        .encode(x=layers.x("shown_low", scale), x2="shown_high:Q")
    )
    square = (
        alt.Chart()
        .mark_square(opacity=1, color=colour.light, yOffset=layout.mark_shift)
        .encode(x=layers.x("shown", scale), size=alt.Size("area:Q", scale=None))
    )
    words = [text_of(column, layout) for column in layout.columns]
    drawn = alt.layer(bar, *arrowheads(layout, colour), square, *words)
    return drawn.encode(y=row_position(), tooltip=tooltips(told))


def arrowheads(layout: Layout, colour: Colour) -> list[alt.Chart]:
    """Arrowheads where an interval goes on beyond the axis."""
    places = {
        "is_cut_low": ("triangle-left", ARROW_REACH),
        "is_cut_high": ("triangle-right", layout.plot - ARROW_REACH),
    }
    look = {"size": ARROW_AREA, "color": colour.light, "filled": True, "opacity": 1}
    return [
        alt.Chart()
        .transform_filter(f"datum.{field}")
        .mark_point(shape=shape, yOffset=layout.mark_shift, **look)
        .encode(x=alt.XValue(at))
        for field, (shape, at) in places.items()
    ]


def live_layers(layout: Layout, kind: Kind, scale: Scale, ci_level: float) -> alt.LayerChart:
    """The live pool: one row made from the members that are left, none when there are none."""
    z = NormalDist().inv_cdf(0.5 + ci_level / 2)
    # A single meta-analysis keeps the limits that it reports.
    is_reported = f"datum.k == 1 && {ci_level} == {REPORTED_LEVEL}"
    rule = (
        alt.Chart()
        .mark_rule(strokeWidth=theme.HAIRLINE, color=theme.INK.light, yOffset=-layout.row / 2)
        .encode(x=alt.XValue(-layout.left), x2=alt.X2Value(layout.plot + layout.right))
    )
    diamond = diamonds(layout, scale, theme.INK)
    parts = (rule, diamond, *arrowheads(layout, theme.INK), *summary_texts(layout))
    steps = (
        alt.Chart()
        .transform_aggregate(
            k="count()",
            sum_weight="sum(weight)",
            sum_weighted_yi="sum(weighted_yi)",
            tau2="max(tau2)",
            q="max(q)",
            own_low="min(ci_low)",
            own_high="max(ci_high)",
        )
        .transform_calculate(
            mean="datum.sum_weighted_yi / datum.sum_weight", se="sqrt(1 / datum.sum_weight)"
        )
        .transform_calculate(
            estimate=kind.shown("datum.mean"),
            ci_low=f"{is_reported} ? datum.own_low : "
            + kind.shown(f"datum.mean - {z!r} * datum.se"),
            ci_high=f"{is_reported} ? datum.own_high : "
            + kind.shown(f"datum.mean + {z!r} * datum.se"),
            q_df="datum.k - 1",
            i2="datum.q > 0 ? 100 * max(0, (datum.q - (datum.k - 1)) / datum.q) : 0",
            row=str(LIVE_ROW),
            label="'Live pool, k=' + datum.k",
        )
        .transform_calculate(**shown(kind, scale))
    )
    return alt.layer(*parts, transform=steps.transform).encode(y=row_position())


def shown(kind: Kind, scale: Scale) -> dict[str, str]:
    """Expressions for what is drawn of a pool: its result as text, and its diamond."""
    low, high = scale.domain
    at = f"clamp(datum.estimate, {low}, {high})"
    reach = {
        side: f"({distance(f'clamp(datum.{side}, {low}, {high})', scale)} - {distance(at, scale)})"
        for side in ("ci_low", "ci_high")
    }
    form = f"'.{kind.decimals}f'"
    limits = f"format(datum.ci_low, {form}) + ' to ' + format(datum.ci_high, {form})"
    half = DIAMOND_HALF
    return {
        "result": f"format(datum.estimate, {form}) + ' (' + {limits} + ')'",
        "shown": at,
        "path": f"'M' + {reach['ci_low']} + ',0L0,{-half}L' + {reach['ci_high']} + ',0L0,{half}Z'",
        "is_cut_low": f"datum.ci_low < {low}",
        "is_cut_high": f"datum.ci_high > {high}",
    }


def distance(value: str, scale: Scale) -> str:
    """An expression for where a value lies on the axis in px, but for a shift."""
    low, high = scale.domain
    if scale.is_log:
        return f"{scale.width / math.log(high / low)!r} * log({value})"
    return f"{scale.width / (high - low)!r} * ({value})"


def shown_of_member(scale: Scale) -> dict[str, str]:
    """Expressions for what the axis shows of a member."""
    low, high = scale.domain
    return {
        "shown": f"clamp(datum.estimate, {low}, {high})",
        "shown_low": f"clamp(datum.ci_low, {low}, {high})",
        "shown_high": f"clamp(datum.ci_high, {low}, {high})",
        "is_cut_low": f"datum.ci_low < {low}",
        "is_cut_high": f"datum.ci_high > {high}",
    }


def pool_layers(layout: Layout, kind: Kind, scale: Scale) -> alt.LayerChart:
    """The warehouse's results for the analysis that has the chosen filters."""
    marks = [
        diamonds(layout, scale, colour).transform_filter(f"datum.policy_id == '{policy}'")
        for policy, (_, colour) in POLICIES.items()
    ]
    parts = (*marks, *arrowheads(layout, theme.INK), *summary_texts(layout))
    steps = alt.Chart().transform_calculate(**shown(kind, scale))
    drawn = alt.layer(*parts, data=alt.NamedData(POOLS), transform=steps.transform)
    return drawn.encode(y=row_position())


def diamonds(layout: Layout, scale: Scale, colour: Colour) -> alt.Chart:
    """Diamonds given as paths in px around their estimate."""
    look = {"fill": colour.light, "stroke": theme.INK.light, "strokeWidth": 1, "opacity": 1}
    # A path is scaled by half the root of the size.
    return (
        alt.Chart()
        .mark_point(size=4, yOffset=layout.mark_shift, **look)
        .encode(x=layers.x("shown", scale), shape=alt.Shape("path:N", scale=None))
    )


def summary_texts(layout: Layout) -> list[alt.Chart]:
    """Label and result of a pool, in the columns of labels and results."""
    places = {column.field: column for column in layout.columns}
    label, result = places["short_label"], places["result"]
    columns = (replace(label, field="label"), result)
    return [text_of(column, layout, fontWeight="bold") for column in columns]


def text_of(column: Column, layout: Layout, **look: Any) -> alt.Chart:
    """One column of texts."""
    return (
        alt.Chart()
        .mark_text(
            align=column.align, baseline="middle", limit=0, yOffset=layout.text_shift, **look
        )
        .encode(x=alt.XValue(column.at), text=alt.Text(f"{column.field}:N"))
    )


def headings(layout: Layout) -> alt.LayerChart:
    """What each column holds, above the first row."""
    written = [
        text_of(replace(column, field="heading"), layout, color=theme.MUTED.light).properties(
            data={"values": [{"heading": column.heading}]}
        )
        for column in layout.columns
    ]
    return alt.layer(*written).encode(y=alt.YValue(-8 - layout.text_shift))


def null_lines(kind: Kind, scale: Scale) -> list[alt.Chart]:
    """The line of no effect, where there is one."""
    if kind.no_effect is None:
        return []
    return [
        alt.Chart({"values": [{"null_value": kind.no_effect}]})
        .mark_rule(color=theme.GRID.light, strokeWidth=theme.HAIRLINE, opacity=1)
        .encode(x=layers.x("null_value", scale))
    ]


def side_words(layout: Layout, scale: Scale) -> list[alt.Chart]:
    """What lies on either side of no effect, above the headings: words that the script gives."""
    null = scale.px(scale.null_value)
    places = {"below": (null - 8, "right"), "above": (null + 8, "left")}
    return [
        alt.Chart(alt.NamedData(SIDES))
        .transform_filter(f"datum.side == '{side}'")
        .mark_text(align=align, baseline="middle", limit=0)
        .encode(
            x=alt.XValue(at), y=alt.YValue(SIDES_AT - layout.text_shift), text=alt.Text("words:N")
        )
        for side, (at, align) in places.items()
    ]


def row_position() -> alt.Y:
    """The row of a member or pool; rows without one take no room."""
    return alt.Y("row:O", axis=None, scale=alt.Scale(type="band", padding=0))


def tooltips(told: Mapping[str, str]) -> list[alt.Tooltip]:
    """Facts of a member for its tooltip: fields with their names."""
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in told.items()]


def members(rows: Iterable[Row]) -> dict[str, dict[str, Any]]:
    """What rows of rpt_explorer say of their meta-analyses or trials, with texts, by identifier."""
    return {
        row["cluster_id"]: {
            "citation_label": row["citation_label"],
            "short_label": text.shorten_citation(row["citation_label"], LABEL_LIMIT, theme.TEXT),
            "year": row["year"],
            "source_kind": in_words(row["source_kind"] or "not stated"),
            "amstar_score": row["amstar_score"],
            "amstar": formats.count(row["amstar_score"], missing="not rated"),
            "superseded_by": {
                "declared": row["superseded_by"],
                "other": row["superseded_by_other"],
                "both": [],
            },
        }
        for row in rows
    }


def effect_rows(
    kind: Kind,
    rows: Iterable[Row],
    codes: Mapping[str, Mapping[str, str]],
    asked: Mapping[str, Iterable[str]],
    places: Mapping[str, Mapping[str, int]],
    filters: Iterable[str],
) -> list[dict[str, Any]]:
    """What rows of rpt_explorer say of their effects, with texts and a code for each filter.

    codes   codes by effect_id and name of the filter
    asked   filters by effect_id that an analysis must set to take the effect
    places  places by effect_id and selection rule
    """
    names = tuple(filters)
    copied = (
        "effect_id",
        "cluster_id",
        "scope",
        "yi",
        "vi",
        "estimate",
        "ci_low",
        "ci_high",
        "n_trials",
    )
    return [
        {
            **{name: row[name] for name in copied},
            "result": formats.estimate(
                row["estimate"], row["ci_low"], row["ci_high"], kind.decimals
            ),
            "trials": formats.count(row["n_trials"]),
            "size": sizes.cell({**row, "person_time_unit": kind.person_time_unit}, kind.size),
            "source_locator": row["source_locator"],
            "codes": [codes.get(row["effect_id"], {}).get(name) for name in names],
            "asked": sorted(names.index(name) for name in asked.get(row["effect_id"], ())),
            "places": places.get(row["effect_id"], {}),
        }
        for row in rows
    ]


def pool_rows(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Rows of rpt_explorer_pools that stand below the live pool, with their place and label."""
    places = {policy: place for place, policy in enumerate(POLICIES, start=1)}
    names = {policy: name for policy, (name, _) in POLICIES.items()}
    copied = ("analysis_id", "policy_id", "estimate", "ci_low", "ci_high", "k", "tau2", "q", "q_df")
    made = [
        {
            **{name: row[name] for name in copied},
            "i2": row["i2_q"],
            "row": LIVE_ROW + places[row["policy_id"]],
            "name": names[row["policy_id"]],
            "label": f"{names[row['policy_id']]}, k={formats.count(row['k'])}",
        }
        for row in rows
        if row["policy_id"] in places
        and not any(formats.is_missing(row[name]) for name in ("estimate", "ci_low", "ci_high"))
    ]
    return sorted(made, key=lambda pool: pool["row"])


def in_words(code: str) -> str:
    """A code as people read it, such as full text."""
    return code.replace("_", " ")


def data_set(specification: dict[str, Any], field: str) -> str:
    """Name of the data set of a compiled chart in which a field is computed.

    Raises KeyError when it is computed in none.
    """
    for data in specification["data"]:
        for step in data.get("transform", ()):
            if field in step.get("as", ()) or field == step.get("as"):
                return data["name"]
    raise KeyError(field)
