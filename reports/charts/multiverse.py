"""Specification curve: sorted estimates with intervals above a dashboard of the choices."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from reports import formats, theme
from reports.charts import canvas
from reports.charts.scale import Scale, shared_domain
from reports.figure import Figure, Panel, Row, Tables

CHOICES = {
    "selection_rule": "Selection",
    "one_effect_rule": "One effect",
    "exclusion": "Exclusion",
    "or_to_smd_rule": "OR to SMD",
    "overlap_handling": "Overlap",
    "tau2_method": "Estimator",
    "ci_method": "Interval",
}
LEFT = 218.0
RIGHT = 12.0
CURVE = 210.0
LINE = 15.0
GROUP_GAP = 7.0
TOP = 18.0


def multiverse(figure: Figure, tables: Tables) -> tuple[Panel, ...]:
    """Draw the specifications of one figure from rpt_multiverse on one page."""
    rows = own_rows(figure, tables)
    if not rows:
        return (canvas.nothing("No specification pools two meta-analyses."),)
    scale = vertical_scale(figure, rows)
    options = dashboard(tables["rpt_multiverse_options"])
    start = TOP + CURVE + 22
    places = option_places(options, start)
    height = max(places.values()) + LINE / 2
    width = theme.CONTENT
    drawn = [
        *axis(figure, scale, width, height),
        canvas.tiles(intervals(rows, scale), width, height, stroke=0),
        canvas.dots(points(rows, scale), width, height),
        canvas.tiles(marks(rows, places), width, height, stroke=0),
        *words(options, places, width, height),
        *prespecified(rows, scale, width, height),
    ]
    return (canvas.panel(drawn, height, notes(rows, scale)),)


def own_rows(figure: Figure, tables: Tables) -> list[Row]:
    """The specifications of a figure from left to right; those of two analyses are an error."""
    rows = [row for row in tables["rpt_multiverse"] if row["figure_id"] == figure.figure_id]
    analyses = sorted({row["analysis_id"] for row in rows})
    if len(analyses) > 1:
        raise ValueError(f"one analysis has a curve; figure_blocks has {', '.join(analyses)}")
    return sorted(rows, key=lambda row: row["position"])


def vertical_scale(figure: Figure, rows: Sequence[Row]) -> Scale:
    """The scale that holds every estimate and the prespecified interval; px from its bottom."""
    values = [row[key] for row in rows for key in ("estimate", "ci_low", "ci_high")]
    domain = shared_domain(values, figure.is_log_scale)
    kept = [row["estimate"] for row in rows]
    kept += [row[key] for row in rows if row["is_prespecified"] for key in ("ci_low", "ci_high")]
    kept = [value for value in kept if not formats.is_missing(value)]
    domain = min(domain[0], *kept), max(domain[1], *kept)
    return Scale(domain, CURVE, figure.is_log_scale)


def down(value: float, scale: Scale) -> float:
    """Px from the top of the view; values outside go to the edge."""
    return TOP + CURVE - scale.px(value)


def step(rows: Sequence[Row]) -> float:
    """Px from one specification to the next."""
    return (theme.CONTENT - LEFT - RIGHT) / max(len(rows), 1)


def middle(row: Row, rows: Sequence[Row]) -> float:
    """Px of a specification from the left."""
    return LEFT + (row["position"] - 0.5) * step(rows)


def axis(figure: Figure, scale: Scale, width: float, height: float) -> list[Any]:
    """Ticks with their numbers, grid lines, and a dark line of no effect."""
    right = width - RIGHT
    lines, labels = [], []
    for tick in scale.ticks:
        at = down(tick, scale)
        is_null = tick == scale.null_value
        colour = theme.INK if is_null else theme.RULE
        lines.append(
            {"x": LEFT, "x2": right, "y": at - 0.35, "y2": at + 0.35, "fill": colour.light}
        )
        labels.append({"x": LEFT - 6, "y": at, "text": formats.number(tick, places_of(scale))})
    title = {"x": 2, "y": TOP + CURVE / 2, "text": f"{figure.measure} (95% CI)", "bold": True}
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
    """Orange for the prespecified one, blue where the interval favours a side, else grey."""
    if row["is_prespecified"]:
        return theme.PREDICTION.light
    return (theme.SAME_METHOD if row["favours"] == "neither" else theme.RECOMMENDED).light


def intervals(rows: Sequence[Row], scale: Scale) -> list[dict[str, Any]]:
    """A thin bar per interval, cut at the axis' ends; the prespecified one is thicker."""
    items = []
    for row in rows:
        if formats.is_missing(row["ci_low"]) or formats.is_missing(row["ci_high"]):
            continue
        at = middle(row, rows)
        half = 1.25 if row["is_prespecified"] else min(step(rows) / 4, 0.75)
        items.append(
            {
                "x": at - half,
                "x2": at + half,
                "y": down(row["ci_high"], scale),
                "y2": down(row["ci_low"], scale),
                "fill": colour_of(row),
            }
        )
    return items


def points(rows: Sequence[Row], scale: Scale) -> list[dict[str, Any]]:
    """A dot per estimate."""
    small = min(max(step(rows) ** 2 * 0.6, 6.0), 30.0)
    return [
        {
            "x": middle(row, rows),
            "y": down(row["estimate"], scale),
            "area": 50.0 if row["is_prespecified"] else small,
            "fill": theme.PREDICTION.light if row["is_prespecified"] else theme.SQUARE.light,
        }
        for row in sorted(rows, key=lambda row: bool(row["is_prespecified"]))
    ]


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


def option_places(options: dict[str, list[Row]], start: float) -> dict[tuple[str, str], float]:
    """Middle of each option's line in px."""
    places, at = {}, start
    for choice, rows in options.items():
        for row in rows:
            places[choice, row["option"]] = at
            at += LINE
        at += GROUP_GAP
    return places


def marks(rows: Sequence[Row], places: dict[tuple[str, str], float]) -> list[dict[str, Any]]:
    """A bar per run of neighbours that took an option; the prespecified one stands out."""
    wide = step(rows)
    items = []
    for (choice, option), at in places.items():
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
                    "x": LEFT + (members[0]["position"] - 1) * wide,
                    "x2": LEFT + members[-1]["position"] * wide - min(0.6, wide / 4),
                    "y": at - half,
                    "y2": at + half,
                    "fill": colour.light,
                }
            )
    return items


def words(
    options: dict[str, list[Row]],
    places: dict[tuple[str, str], float],
    width: float,
    height: float,
) -> list[Any]:
    """Names of choices and options left of the dashboard."""
    heads = [
        {"x": 2, "y": places[choice, rows[0]["option"]], "text": CHOICES[choice], "bold": True}
        for choice, rows in options.items()
    ]
    labels = [
        {"x": LEFT - 6, "y": places[choice, row["option"]], "text": row["label"]}
        for choice, rows in options.items()
        for row in rows
    ]
    return [
        canvas.words(heads, width, height, "left"),
        canvas.words(labels, width, height, "right"),
    ]


def prespecified(rows: Sequence[Row], scale: Scale, width: float, height: float) -> list[Any]:
    """The prespecified estimate in words above the curve."""
    own = [row for row in rows if row["is_prespecified"]]
    items = [
        {
            "x": min(max(middle(row, rows), LEFT + 105), width - RIGHT - 105),
            "y": 7,
            "text": "Prespecified: "
            + formats.estimate(row["estimate"], row["ci_low"], row["ci_high"]),
            "bold": True,
            "colour": theme.PREDICTION.light,
        }
        for row in own
    ]
    return [canvas.words(items, width, height)] if items else []


def notes(rows: Sequence[Row], scale: Scale) -> tuple[str, ...]:
    """What the colours mean, and cut intervals."""
    written = (
        "Thick orange line: the prespecified specification. Blue intervals exclude no effect, "
        "grey ones do not. A bar in the dashboard: the option that the specification above took."
    )
    limits = [row[key] for row in rows for key in ("ci_low", "ci_high")]
    if any(not formats.is_missing(v) and not scale.contains(v) for v in limits):
        written += " Intervals that reach an end of the axis go on beyond it."
    return (written,)
