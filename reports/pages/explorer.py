"""The page on which a reader chooses meta-analyses and sees them pooled anew."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import vl_convert

from reports import explorer, html
from reports.charts.scale import shared_domain
from reports.figure import Row
from reports.pages.condition import condition_file
from reports.pages.model import Content, Page
from reports.tables import Link
from reports.workshop import Cache

# What the live pool does, as fct_pooled_effects names it.
LIVE_METHOD = {"tau2_method": "DL", "ci_method": "z", "overlap_handling": "none"}


@dataclass(frozen=True)
class Choice:
    """A control that offers options, each with its value and text."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    hint: str = ""
    kind: str = "choice"


@dataclass(frozen=True)
class Number:
    """A control for a number between limits; empty sets no limit."""

    name: str
    label: str
    low: float
    high: float
    step: float = 1
    hint: str = ""
    kind: str = "number"


@cache
def vega_bundle() -> bytes:
    """Vega, Vega-Lite and Vega-Embed as one script; takes seconds to put together."""
    return vl_convert.javascript_bundle().encode("utf-8")


def pages(content: Content) -> list[Page]:
    """The page, when there is something to pool."""
    rows = content.tables["rpt_explorer"]
    if not rows:
        return []
    shown = {row["analysis_id"] for row in rows}
    pools = [
        row
        for row in content.tables["fct_pooled_effects"]
        if row["analysis_id"] in shown and row["policy_id"] in explorer.POLICIES
    ]
    [level] = {row["ci_level"] for row in pools if row["policy_id"] == "seed_paper"}
    bundle = content.kept.fetch("js", "Vega bundle", vega_bundle)
    return [
        Page(
            slug="explore",
            label="Explore and re-pool",
            title="Explore and re-pool",
            group="across",
            template="explorer.html.j2",
            values={
                "controls": controls(rows),
                "control_id": explorer.control_id,
                "ci_percent": f"{100 * level:g}%",
                "static_pages": static_pages(content),
                "empty": without_members(content, shown),
                "facts": html.embedded(facts(rows, pools, level, content.kept)),
            },
            styles=(html.own_file("explorer.css"),),
            scripts=(bundle.decode("utf-8"), html.own_file("explorer.js")),
        )
    ]


def facts(rows: list[Row], pools: list[Row], level: float, kept: Cache) -> dict[str, Any]:
    """What the script needs: data, a chart for each layout, and names of its data sets.

    Raises ValueError for a value that JSON does not have, such as NaN.
    """
    limits = (row[column] for row in rows for column in ("yi", "ci_low", "ci_high"))
    domain = shared_domain(limits, is_log=False)
    charts = {}
    for name, layout in explorer.LAYOUTS.items():
        chart = explorer.compiled(layout, domain, years_of(rows), level, kept)
        charts[name] = {
            "width": layout.width,
            "chart": chart,
            "kept": explorer.data_set(chart, "weight_text"),
            "live": explorer.data_set(chart, "se"),
        }
    return {
        explorer.MEMBERS: explorer.member_rows(rows, domain),
        explorer.POOLS: explorer.pool_rows(pools),
        "layouts": charts,
        "is_same_method": is_same_method(pools),
    }


def is_same_method(pools: Iterable[Row]) -> bool:
    """Whether the conventional policy pools as the live pool does."""
    return all(
        row[column] == value
        for row in pools
        if row["policy_id"] == "seed_paper"
        for column, value in LIVE_METHOD.items()
    )


def controls(rows: list[Row]) -> tuple[Choice | Number, ...]:
    """One control for each filter, with what the data hold."""
    conditions = {row["analysis_id"]: row["analysis_label"] for row in rows}
    first, last = years_of(rows)
    lowest, highest = min(row["yi"] for row in rows), max(row["yi"] for row in rows)
    return (
        Choice("condition", "Condition", tuple(conditions.items())),
        Choice("comparator", "Comparator", options(rows, "comparator_class")),
        Choice("guidance", "Guidance", options(rows, "guidance")),
        Choice("source", "Read from", options(rows, "source_kind")),
        Number("min_amstar", "AMSTAR, at least", 0, 11, hint="Leaves out those not rated."),
        Number(
            "min_trials",
            "Trials, at least",
            0,
            max((row["n_trials"] or 0 for row in rows), default=0),
            hint="Leaves out those that do not say.",
        ),
        Number("year_from", "Year from", first, last),
        Number("year_to", "Year to", first, last),
        Number("smd_from", "SMD from", lowest, highest, step=0.01),
        Number("smd_to", "SMD to", lowest, highest, step=0.01),
        Choice(
            explorer.BRUSH_MODE,
            "Rectangle drawn in the chart",
            (("keep", "keeps what it covers"), ("drop", "drops what it covers")),
        ),
    )


def years_of(rows: list[Row]) -> tuple[int, int]:
    """First and last year of publication; where none is known, the years a sheet may hold."""
    years = [row["year"] for row in rows if row["year"] is not None]
    return min(years, default=1900), max(years, default=2100)


def options(rows: list[Row], column: str) -> tuple[tuple[str, str], ...]:
    """Any, then every code of a column in alphabetical order."""
    codes = sorted({explorer.in_words(row[column]) for row in rows})
    return (("", "Any"), *((code, code.capitalize()) for code in codes))


def static_pages(content: Content) -> tuple[Link, ...]:
    """Pages with the forests that need no script."""
    drawn = {item.figure.condition for item in content.drawn if item.figure.kind == "forest"}
    found = {
        row["condition_id"]: row["condition_label"] or row["condition_id"]
        for row in content.tables["rpt_headline"]
        if row["condition_id"] in drawn
    }
    return tuple(Link(label, condition_file(key)) for key, label in found.items())


def without_members(content: Content, shown: set[str]) -> tuple[str, ...]:
    """Conditions of which no meta-analysis can be pooled."""
    rows = content.tables["rpt_headline"]
    found = {row["analysis_id"]: row["condition_label"] or row["condition_id"] for row in rows}
    return tuple(label for key, label in found.items() if key not in shown)
