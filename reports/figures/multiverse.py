"""Specification curve: sorted estimates with intervals above a dashboard of the choices."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

from reports import formats, text, theme
from reports.charts import canvas, effect_axis
from reports.charts.scale import Scale
from reports.figure import Figure, FigureKind, Outlined, Panel, Row, Tables
from reports.words import lower_first, worded
from umbrella.text import about

CHOICES = {
    "selection_rule": "Selection",
    "one_effect_rule": "One row",
    "exclusion": "Exclusion",
    "converted_effects": "Converted",
    "or_to_smd_rule": "Conversion",
    "overlap_handling": "Overlap",
    "tau2_method": "Estimator",
    "ci_method": "Interval",
}
CONVERSION = "or_to_smd_rule"
"""The choice that says something of standardised mean differences alone."""
CONVERTED = "converted_effects"
"""The choice that is one where an analysis has converted effects alone."""
LINE = 15.0
GROUP_GAP = 7.0
MARGIN = 2.0
# Half the width of the prespecified estimate in words.
REACH = 105.0


@dataclass(frozen=True)
class Layout:
    """Sizes in px of the picture, and where its words stand.

    width                    width of the whole picture
    left and right           room beside the curve; the names of options stand in the left one
    top and curve            room above the curve, and its height
    heading                  height of a choice's own line above its options; 0 for beside them
    label_width              room for the name of an option; longer ones are wrapped
    words_from and words_to  ends of the room for the prespecified estimate in words
    """

    width: float
    left: float
    right: float
    top: float
    curve: float
    heading: float
    label_width: float
    words_from: float
    words_to: float


WIDE = Layout(
    width=theme.CONTENT,
    left=218.0,
    right=12.0,
    top=18.0,
    curve=210.0,
    heading=0.0,
    label_width=136.0,
    words_from=218.0,
    words_to=theme.CONTENT - 12.0,
)
NARROW = Layout(
    width=theme.PHONE,
    left=133.0,
    right=4.0,
    top=24.0,
    curve=190.0,
    heading=15.0,
    label_width=125.0,
    words_from=MARGIN,
    words_to=theme.PHONE - MARGIN,
)


@dataclass(frozen=True)
class Plane:
    """Where a specification and an estimate fall in px from the top left of the view."""

    scale: Scale
    count: int
    layout: Layout

    @property
    def step(self) -> float:
        """Px from one specification to the next."""
        return (self.layout.width - self.layout.left - self.layout.right) / max(self.count, 1)

    @property
    def bottom(self) -> float:
        """Lower edge of the curve."""
        return self.layout.top + self.layout.curve

    def edge(self, position: int) -> float:
        """Right edge of a specification."""
        return self.layout.left + position * self.step

    def middle(self, row: Row) -> float:
        """Px of a specification from the left."""
        return self.layout.left + (row["position"] - 0.5) * self.step

    def down(self, value: float) -> float:
        """Px from the top of the view; values outside go to the edge."""
        return self.bottom - self.scale.px(value)


def draw(figure: Figure, tables: Tables, layout: Layout = WIDE) -> tuple[Panel, ...]:
    """Draw the specifications of one figure from rpt_multiverse on one page."""
    rows = own_rows(figure, tables)
    width = layout.width
    if not rows:
        return (canvas.nothing(worded("No specification pools two [[members]].", tables), width),)
    plane = Plane(vertical_scale(figure, rows, layout.curve), len(rows), layout)
    options = dashboard(shown_options(figure, tables))
    places = option_places(options, plane)
    height = max(place.bottom for place in places.values())
    drawn = [
        *axis(figure, plane, height),
        canvas.tiles(intervals(rows, plane), width, height, stroke=0),
        canvas.dots(points(rows, plane), width, height),
        canvas.tiles(marks(rows, places, plane), width, height, stroke=0),
        *words(options, places, layout, height),
        *prespecified(figure, rows, plane, height),
    ]
    return (canvas.panel(drawn, height, notes(figure, rows, plane.scale), width),)


def own_rows(figure: Figure, tables: Tables) -> list[Row]:
    """The specifications of a figure from left to right; those of two analyses are an error."""
    rows = [row for row in tables["rpt_multiverse"] if row["figure_id"] == figure.figure_id]
    analyses = sorted({row["analysis_id"] for row in rows})
    if len(analyses) > 1:
        raise ValueError(f"one analysis has a curve; figure_blocks has {', '.join(analyses)}")
    return sorted(rows, key=lambda row: row["position"])


def vertical_scale(figure: Figure, rows: Sequence[Row], curve: float) -> Scale:
    """The scale that holds every estimate and the prespecified interval; px from its bottom."""
    values = [row[key] for row in rows for key in ("estimate", "ci_low", "ci_high")]
    domain = effect_axis.span(figure, values)
    kept = [row["estimate"] for row in rows]
    kept += [row[key] for row in rows if row["is_prespecified"] for key in ("ci_low", "ci_high")]
    kept = [value for value in kept if not formats.is_missing(value)]
    domain = min(domain[0], *kept), max(domain[1], *kept)
    return Scale(domain, curve, figure.is_log_scale, figure.is_percent)


def axis(figure: Figure, plane: Plane, height: float) -> list[Any]:
    """Ticks with their numbers, grid lines, and a dark line of no effect."""
    scale, left, width = plane.scale, plane.layout.left, plane.layout.width
    right = width - plane.layout.right
    lines, labels = [], []
    for tick in scale.ticks:
        at = plane.down(tick)
        is_null = tick == scale.null_value
        colour = theme.INK if is_null else theme.RULE
        lines.append(
            {"x": left, "x2": right, "y": at - 0.35, "y2": at + 0.35, "fill": colour.light}
        )
        labels.append({"x": left - 6, "y": at, "text": formats.number(tick, places_of(scale))})
    middle = plane.layout.top + plane.layout.curve / 2
    title = {"x": MARGIN, "y": middle, "text": f"{figure.measure_heading} (95% CI)", "bold": True}
    return [
        canvas.tiles(lines, width, height, stroke=0),
        canvas.words(labels, width, height, "right"),
        canvas.words([title], width, height, "left"),
    ]


def places_of(scale: Scale) -> int:
    """Decimals that the ticks need."""
    texts = [f"{tick:g}".partition(".")[2] for tick in scale.ticks]
    return max((len(digits) for digits in texts), default=0)


def colour_of(row: Row) -> str:
    """Orange for the prespecified one, blue where the interval excludes no effect, else grey."""
    if row["is_prespecified"]:
        return theme.PREDICTION.light
    return (theme.SAME_METHOD if row["side"] == "neither" else theme.RECOMMENDED).light


def intervals(rows: Sequence[Row], plane: Plane) -> list[dict[str, Any]]:
    """A thin bar per interval, cut at the axis' ends; the prespecified one is thicker."""
    items = []
    for row in rows:
        if formats.is_missing(row["ci_low"]) or formats.is_missing(row["ci_high"]):
            continue
        at = plane.middle(row)
        half = 1.25 if row["is_prespecified"] else min(plane.step / 4, 0.75)
        items.append(
            {
                "x": at - half,
                "x2": at + half,
                "y": plane.down(row["ci_high"]),
                "y2": plane.down(row["ci_low"]),
                "fill": colour_of(row),
            }
        )
    return items


def points(rows: Sequence[Row], plane: Plane) -> list[dict[str, Any]]:
    """A dot per estimate."""
    small = min(max(plane.step**2 * 0.6, 6.0), 30.0)
    return [
        {
            "x": plane.middle(row),
            "y": plane.down(row["estimate"]),
            "area": 50.0 if row["is_prespecified"] else small,
            "fill": theme.PREDICTION.light if row["is_prespecified"] else theme.SQUARE.light,
        }
        for row in sorted(rows, key=lambda row: bool(row["is_prespecified"]))
    ]


def shown_options(figure: Figure, tables: Tables) -> list[Row]:
    """The options that can move the estimates of a figure."""
    none = set() if figure.measure == "SMD" else {CONVERSION}
    if all(row[CONVERTED] is None for row in own_rows(figure, tables)):
        none.add(CONVERTED)
    return [row for row in tables["rpt_multiverse_options"] if row["choice"] not in none]


def dashboard(options: Sequence[Row]) -> dict[str, list[Row]]:
    """Options by choice in the order of the picture; an unknown choice is an error."""
    for row in options:
        if row["choice"] not in CHOICES:
            raise ValueError(f"rpt_multiverse_options.choice: unknown value {row['choice']!r}")
    found = {
        choice: sorted(
            (row for row in options if row["choice"] == choice), key=lambda row: row["sort_order"]
        )
        for choice in CHOICES
    }
    return {choice: rows for choice, rows in found.items() if rows}


@dataclass(frozen=True)
class Place:
    """The lines of an option's name, and where they stand: their middle in px."""

    lines: tuple[str, ...]
    middle: float

    @property
    def heights(self) -> list[float]:
        """Middle of each line."""
        first = self.middle - (len(self.lines) - 1) * theme.WRAPPED_LINE / 2
        return [first + i * theme.WRAPPED_LINE for i in range(len(self.lines))]

    @property
    def bottom(self) -> float:
        """Lower edge of the last line."""
        return self.heights[-1] + LINE / 2


def option_places(options: dict[str, list[Row]], plane: Plane) -> dict[tuple[str, str], Place]:
    """Where each option stands below the curve."""
    layout = plane.layout
    places, at = {}, plane.bottom + 22
    for choice, rows in options.items():
        at += layout.heading
        for row in rows:
            lines = tuple(text.wrap(row["label"], layout.label_width, theme.TEXT))
            more = (len(lines) - 1) * theme.WRAPPED_LINE
            places[choice, row["option"]] = Place(lines, at + more / 2)
            at += LINE + more
        at += GROUP_GAP
    return places


def marks(
    rows: Sequence[Row], places: dict[tuple[str, str], Place], plane: Plane
) -> list[dict[str, Any]]:
    """A bar per run of neighbours that took an option; the prespecified one stands out."""
    items = []
    for (choice, option), place in places.items():
        for (is_taken, is_special), run in groupby(
            rows, key=lambda row: (row[choice] == option, bool(row["is_prespecified"]))
        ):
            members = list(run)
            if not is_taken:
                continue
            colour = theme.PREDICTION if is_special else theme.RECOMMENDED
            half = 6.0 if is_special else 4.0
            items.append(
                {
                    "x": plane.edge(members[0]["position"] - 1),
                    "x2": plane.edge(members[-1]["position"]) - min(0.6, plane.step / 4),
                    "y": place.middle - half,
                    "y2": place.middle + half,
                    "fill": colour.light,
                }
            )
    return items


def words(
    options: dict[str, list[Row]],
    places: dict[tuple[str, str], Place],
    layout: Layout,
    height: float,
) -> list[Any]:
    """Names of choices and options left of the dashboard."""
    heads = [
        {
            "x": MARGIN,
            "y": places[choice, rows[0]["option"]].heights[0] - layout.heading,
            "text": CHOICES[choice],
            "bold": True,
        }
        for choice, rows in options.items()
    ]
    labels = [
        {"x": layout.left - 6, "y": at, "text": line}
        for place in places.values()
        for at, line in zip(place.heights, place.lines, strict=True)
    ]
    return [
        canvas.words(heads, layout.width, height, "left"),
        canvas.words(labels, layout.width, height, "right"),
    ]


def prespecified(figure: Figure, rows: Sequence[Row], plane: Plane, height: float) -> list[Any]:
    """The prespecified estimate in words above the curve."""
    layout = plane.layout
    own = [row for row in rows if row["is_prespecified"]]
    items = [
        {
            "x": min(max(plane.middle(row), layout.words_from + REACH), layout.words_to - REACH),
            "y": 7,
            "text": "Prespecified: " + formats.result(row, figure.decimals),
            "bold": True,
            "colour": theme.PREDICTION.light,
        }
        for row in own
    ]
    return [canvas.words(items, layout.width, height)] if items else []


def notes(figure: Figure, rows: Sequence[Row], scale: Scale) -> tuple[str, ...]:
    """What the colours mean, and cut intervals."""
    written = (
        "Thick orange line: the prespecified specification. "
        + ("" if figure.is_of_rates else "Blue intervals exclude no effect, grey ones do not. ")
        + "A bar in the dashboard: the option that the specification above took."
    )
    limits = [row[key] for row in rows for key in ("ci_low", "ci_high")]
    if any(not formats.is_missing(v) and not scale.contains(v) for v in limits):
        written += " Intervals that reach an end of the axis go on beyond it."
    return (written,)


def message(figure: Figure, tables: Tables) -> str | None:
    """In how many different results of defensible specifications the prespecified finding holds."""
    rows = own_rows(figure, tables)
    own = [row for row in rows if row["is_prespecified"]]
    if not own:
        return None
    row = own[0]
    label = row["analysis_label"] or row["analysis_id"]
    few = "too few for a pooled verdict" if row["has_verdict"] is False else ""
    if figure.is_of_rates:
        n = row["n_results_within_interval"]
        verb = formats.agreeing(n, "is", "are")
        said = f"{alternatives(n, row['n_results'])} {verb} in its interval"
        return about(label, "; ".join(filter(None, (few, said))))
    total = row["n_results"]
    sides = {"above": row["n_results_above"], "below": row["n_results_below"]}
    if row["side"] not in sides or few:
        side, there = figure.side_of_most(sides["above"], sides["below"])
        found = few or "no clear effect as prespecified"
        if not there:
            of_all = formats.counted(total, "alternative result")
            none = f"{figure.on_side(None)} in any of {of_all}" if total else ""
            return about(label, "; ".join(filter(None, (found, none))))
        words = figure.on_side(side, several=there != 1)
        return about(label, f"{found}; {alternatives(there, total)} {words}")
    count = alternatives(sides[row["side"]], total)
    if figure.above_favours is not None:
        found = "the benefit" if row["side"] == figure.first_side else "the harm"
        return about(label, f"{found} holds in {count}")
    return about(label, f"{figure.on_side(row['side'])}, in {count}")


def alternatives(n: int, total: int) -> str:
    """A number of the different results: all 31, 30 of 31 alternative results."""
    if n < total or not n:
        return f"{formats.count(n)} of {formats.counted(total, 'alternative result')}"
    return f"all {formats.count(n)} alternative results" if n > 1 else "the one alternative result"


def describe(figure: Figure, tables: Tables) -> str:
    """Range, median and prespecified result, and the choice that moves it most."""
    rows = own_rows(figure, tables)
    if not rows:
        return "No specification."
    places = figure.decimals
    first, last = rows[0], rows[-1]
    low, high = (formats.number(row["estimate"], places) for row in (first, last))
    words = [
        f"Specification curve of {len(rows)} of {formats.count(first['n_with_estimate'])} "
        f"specifications, {lower_first(figure.measure_label)} from {low} to {high}, "
        f"median {formats.number(first['estimate_median'], places)}."
    ]
    words += [
        "Prespecified: " + formats.result(row, places) + "."
        for row in rows
        if row["is_prespecified"]
    ]
    if first["strongest_choice"]:
        name = CHOICES.get(first["strongest_choice"], first["strongest_choice"])
        words.append(f"The choice that moves the estimate most: {name.lower()}.")
    return " ".join(words)


def data_rows(figure: Figure, tables: Tables) -> list[tuple[str, ...]]:
    """One row per drawn specification."""
    names = {(row["choice"], row["option"]): row["label"] for row in shown_options(figure, tables)}
    shown = {choice for choice, _ in names}
    places = figure.decimals
    return [
        (
            formats.count(row["curve_rank"])
            + (" (prespecified)" if row["is_prespecified"] else ""),
            formats.count(row["k"]),
            formats.result(row, places),
            *(
                names.get((choice, row[choice]), row[choice] or theme.NOT_APPLICABLE)
                if choice in shown
                else theme.NOT_APPLICABLE
                for choice in CHOICES
            ),
        )
        for row in own_rows(figure, tables)
    ]


KIND = FigureKind(
    reads=("rpt_multiverse", "rpt_multiverse_options"),
    draw=draw,
    phone=partial(draw, layout=NARROW),
    message=message,
    describe=describe,
    columns=("Rank", "k", "Estimate (95% CI)", *CHOICES.values()),
    numeric=frozenset({"k", "Estimate (95% CI)"}),
    data_rows=data_rows,
    own_rows=own_rows,
    page="subgroups",
    section="section-choices",
    outlined=Outlined(
        order=10,
        figure_id="multiverse_{analysis}",
        title="specification curve",
        is_for_rates=True,
        least=2,
    ),
)
