"""The page on which a reader chooses meta-analyses and sees them pooled anew."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import vl_convert

from reports import explorer, html
from reports.charts.scale import shared_domain
from reports.figure import Row, Tables
from reports.pages.condition import condition_file
from reports.pages.model import Content, Page
from reports.tables import Link
from reports.words import smd_sign

# What the live pool does, as fct_pooled_effects names it.
LIVE_METHOD = {"tau2_method": "DL", "ci_method": "z", "overlap_handling": "none"}


@dataclass(frozen=True)
class Choice:
    """A control that offers options, each with its value and text."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str = ""
    hint: str = ""
    kind: str = "choice"


@dataclass(frozen=True)
class Number:
    """A control for a number between limits; empty sets no limit."""

    name: str
    label: str
    low: float
    high: float
    step: float | str = 1
    hint: str = ""
    kind: str = "number"


@cache
def vega_bundle() -> bytes:
    """Vega, Vega-Lite and Vega-Embed as one script; takes seconds to put together."""
    return vl_convert.javascript_bundle().encode("utf-8")


def pages(content: Content) -> list[Page]:
    """The page, when there is something to pool."""
    rows = content.tables["rpt_explorer"]
    analyses = declared_analyses(content.tables)
    if not rows or not analyses:
        return []
    shown = {analysis["analysis_id"] for analysis in analyses}
    pools = [
        row
        for row in content.tables["fct_pooled_effects"]
        if row["analysis_id"] in shown and row["policy_id"] in explorer.POLICIES
    ]
    [level] = {row["ci_level"] for row in pools if row["policy_id"] == "seed_paper"}
    bundle = content.kept.fetch("js", "Vega bundle", vega_bundle)
    filters = filters_of(content.tables["rpt_explorer_options"])
    return [
        Page(
            slug="explore",
            label="Explore and re-pool",
            title="Explore and re-pool",
            group="across",
            template="explorer.html.j2",
            values={
                "groups": (
                    ("Which effects, one of each [[member]]", choices(filters, analyses[0])),
                    ("Which of these [[members]]", cuts(rows)),
                ),
                "control_id": explorer.control_id,
                "ci_percent": f"{100 * level:g}%",
                "smd_sign": smd_sign(content.review),
                "static_pages": static_pages(content),
                "columns": [item["label"] for item in filters.values()],
                "facts": html.embedded(facts(content, filters, analyses, pools, level)),
            },
            styles=(html.own_file("explorer.css"),),
            scripts=(bundle.decode("utf-8"), html.own_file("explorer.js")),
        )
    ]


def filters_of(options: Iterable[Row]) -> dict[str, dict[str, Any]]:
    """The filters of analyses by name, each with the codes that the page offers for it."""
    found: dict[str, dict[str, Any]] = {}
    for row in options:
        item = found.setdefault(
            row["filter_name"],
            {
                "label": explorer.in_words(row["filter_name"]).capitalize(),
                "is_of_subgroups": row["is_of_subgroups"],
                "may_be_open": row["may_be_open"],
                "codes": {},
            },
        )
        item["codes"][row["code"]] = row["code_label"]
    return found


def codes_by_row(tables: Tables, kind: str) -> dict[str, dict[str, str]]:
    """Codes of the analyses or of the effects, by identifier and name of the filter."""
    found: dict[str, dict[str, str]] = {}
    for row in tables["rpt_explorer_codes"]:
        if row["row_kind"] == kind:
            found.setdefault(row["row_id"], {})[row["filter_name"]] = row["code"]
    return found


def declared_analyses(tables: Tables) -> list[dict[str, Any]]:
    """The analyses that the page can pool, each with the filters that it sets."""
    codes = codes_by_row(tables, "analysis")
    return [
        {
            "analysis_id": row["analysis_id"],
            "label": row["analysis_label"],
            "scope": row["required_scope"],
            "codes": codes.get(row["analysis_id"], {}),
        }
        for row in tables["rpt_explorer_analyses"]
    ]


def facts(
    content: Content,
    filters: dict[str, dict[str, Any]],
    analyses: list[dict[str, Any]],
    pools: list[Row],
    level: float,
) -> dict[str, Any]:
    """What the script needs: data, a chart for each layout, and names of its data sets.

    Raises ValueError for a value that JSON does not have, such as NaN.
    """
    rows = content.tables["rpt_explorer"]
    limits = (row[column] for row in rows for column in ("yi", "ci_low", "ci_high"))
    domain = shared_domain(limits, is_log=False)
    labels = {name: item["label"] for name, item in filters.items()}
    charts = {}
    for name, layout in explorer.LAYOUTS.items():
        chart = explorer.compiled(layout, domain, years_of(rows), level, labels, content.kept)
        charts[name] = {
            "width": layout.width,
            "chart": chart,
            "kept": explorer.data_set(chart, "weight_text"),
            "live": explorer.data_set(chart, "se"),
        }
    return {
        "words": {name: f"[[{name}]]" for name in ("member", "members")},
        "filters": filters,
        "analyses": analyses,
        "meta_analyses": explorer.meta_analyses(rows),
        "effects": explorer.effect_rows(rows, codes_by_row(content.tables, "effect"), filters),
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


def choices(filters: dict[str, dict[str, Any]], first: dict[str, Any]) -> tuple[Choice, ...]:
    """One control for each filter of analyses, set as in the first analysis."""
    made = [
        Choice(
            name,
            item["label"],
            ((("", "Any"),) if item["may_be_open"] else ()) + tuple(item["codes"].items()),
            chosen=first["codes"].get(name, ""),
        )
        for name, item in filters.items()
    ]
    scope = Choice(
        explorer.SCOPE,
        "Pools of a [[member]]",
        (("", "As the filters say"), ("overall", "Main pools only"), ("any", "Subgroups too")),
        hint="Unless said: subgroups too once a subgroup is chosen.",
    )
    return (*made, scope)


def cuts(rows: list[Row]) -> tuple[Choice | Number, ...]:
    """One control for each cut, with what the data hold."""
    first, last = years_of(rows)
    lowest, highest = min(row["yi"] for row in rows), max(row["yi"] for row in rows)
    return (
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
        Number("smd_from", "SMD from", lowest, highest, step="any"),
        Number("smd_to", "SMD to", lowest, highest, step="any"),
        Choice(
            explorer.BRUSH_MODE,
            "Rectangle drawn in the chart",
            (("keep", "keeps what it covers"), ("drop", "drops what it covers")),
            chosen="keep",
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
    return tuple(Link(label, condition_file(content, key)) for key, label in found.items())
