"""The page on which a reader chooses meta-analyses and sees them pooled anew."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reports import explorer, formats, html, spreadsheets, theme
from reports.charts.scale import shared_domain
from reports.figure import Row, Tables
from reports.pages.condition import condition_file
from reports.pages.model import Content, Page
from reports.tables import Link
from reports.words import fill, lower_first, upper_first

# What a kind of analysis must have to be shown.
SHOWN = ("rpt_explorer", "rpt_explorer_analyses")
KB = 1000
SCRIPTS = ("numbers.js", "spreadsheets.js", "pooling.js", "explorer_chart.js", "explorer.js")


@dataclass(frozen=True)
class Choice:
    """A control that offers options, each with its value and text."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str = ""
    hint: str = ""
    is_shown: bool = True
    kind: str = "choice"


@dataclass(frozen=True)
class Number:
    """A control for a number between limits, in steps; empty sets no limit."""

    name: str
    label: str
    limits: tuple[float, float, float | str] | None
    hint: str = ""
    is_shown: bool = True
    kind: str = "number"


def pages(content: Content) -> list[Page]:
    """The page, when there is something to pool."""
    tables = content.tables
    kinds = kinds_of(tables)
    if not kinds:
        return []
    beside = tables["rpt_explorer_pools"]
    [level] = {row["ci_level"] for row in beside if row["is_of_rows"]}
    offered = [facts_of_kind(content, kind) for kind in kinds]
    policies = explorer.policies(beside)
    [start] = [one["settings"] for one in policies.values() if one["is_start"]]
    facts = html.embedded(
        {
            "kinds": {kind.key: facts for kind, facts in zip(kinds, offered, strict=True)},
            "filters": list(filters_of_any(offered)),
            "rules": rules(tables),
            "policies": policies,
            "level": level,
            "colours": {name: colour.light for name, colour in explorer.COLOURS.items()},
            "font": theme.FONT,
            "size": theme.TEXT,
            "cells": spreadsheets.RULE,
        }
    )
    return [
        Page(
            slug="explore",
            label="Explore and re-pool",
            title="Explore and re-pool",
            group="across",
            template="explorer.html.j2",
            values={
                "groups": (
                    ("Which effects, one of each [[member]]", choices(tables, kinds, offered)),
                    ("Which of these [[members]]", cuts(offered)),
                    ("How they are pooled", methods(start)),
                    ("How they are shown", looks(offered[0]["filters"])),
                ),
                "control_id": explorer.control_id,
                "ci_percent": f"{100 * level:g}%",
                "policies": explorer.offered_policies(policies),
                "n_results": formats.count(len(tables["rpt_explorer"])),
                "size": formats.count(max(1, round(len(facts.encode()) / KB))),
                "static_pages": static_pages(content),
                "facts": facts,
            },
            styles=(html.own_file("explorer.css"),),
            scripts=tuple(html.own_file(name) for name in SCRIPTS),
        )
    ]


def kinds_of(tables: Tables) -> list[explorer.Kind]:
    """The kinds of analyses that have both a declared analysis and something to pool."""
    held = [{row["analysis_kind"] for row in tables[name]} for name in SHOWN]
    return [
        explorer.Kind.from_row(row)
        for row in tables["rpt_explorer_kinds"]
        if all(row["analysis_kind"] in keys for keys in held)
    ]


def of_kind(tables: Tables, name: str, kind: explorer.Kind) -> list[Row]:
    """The rows of a table that are of a kind of analysis."""
    return [row for row in tables[name] if row["analysis_kind"] == kind.key]


def filters_of(options: Iterable[Row], review: Row) -> dict[str, dict[str, Any]]:
    """The filters of analyses by name, each with the codes that the page offers for it."""
    found: dict[str, dict[str, Any]] = {}
    for row in options:
        item = found.setdefault(
            row["filter_name"],
            {
                "label": filter_label(row["filter_name"], review),
                "is_of_subgroups": row["is_of_subgroups"],
                "may_be_open": row["may_be_open"],
                "open_label": "Any",
                "codes": {},
            },
        )
        item["codes"][row["code"]] = row["code_label"]
        if not row["is_taken_where_open"]:
            sep = " but " if item["open_label"] == "Any" else ", "
            item["open_label"] += sep + lower_first(row["code_label"])
    return found


def filter_label(name: str, review: Row) -> str:
    """A filter for people: a condition is called what the review calls it."""
    return (
        fill("[[Condition]]", review)
        if name == "condition"
        else upper_first(explorer.in_words(name))
    )


def codes_by_row(codes: Iterable[Row], kind: str) -> dict[str, dict[str, str]]:
    """Codes of the analyses or of the effects, by identifier and name of the filter."""
    found: dict[str, dict[str, str]] = {}
    for row in codes:
        if row["row_kind"] == kind:
            found.setdefault(row["row_id"], {})[row["filter_name"]] = row["code"]
    return found


def filters_asked(codes: Iterable[Row]) -> dict[str, set[str]]:
    """Filters that an analysis must set to take an effect, by effect."""
    found: dict[str, set[str]] = {}
    for row in codes:
        if row["row_kind"] == "effect" and not row["is_taken_where_open"]:
            found.setdefault(row["row_id"], set()).add(row["filter_name"])
    return found


def places_by_effect(ranks: Iterable[Row]) -> dict[str, dict[str, int]]:
    """Places of the effects under each rule that takes the first, by effect and rule."""
    found: dict[str, dict[str, int]] = {}
    for row in ranks:
        found.setdefault(row["effect_id"], {})[row["selection_rule"]] = row["selection_place"]
    return found


def declared_analyses(analyses: Iterable[Row], codes: Iterable[Row]) -> list[dict[str, Any]]:
    """The analyses that the page can pool, each with the filters that it sets."""
    set_codes = codes_by_row(codes, "analysis")
    return [
        {
            "analysis_id": row["analysis_id"],
            "label": row["analysis_label"],
            "scope": row["required_scope"],
            "selection": row["selection_rule"],
            "sides": sides(row),
            "codes": set_codes.get(row["analysis_id"], {}),
        }
        for row in analyses
    ]


def sides(analysis: Row) -> dict[str, str] | None:
    """The words of an analysis for what lies above and below no effect, if anything does."""
    if not analysis["above_axis"] or not analysis["below_axis"]:
        return None
    return {
        "above": f"{analysis['above_axis']} →",
        "below": f"← {analysis['below_axis']}",
        "told": f"{analysis['side_verb']}s {analysis['above_text']}",
    }


def rules(tables: Tables) -> dict[str, dict[str, Any]]:
    """The selection rules that the page offers: those that take all, or the first."""
    return {
        row["selection_rule"]: {
            "label": row["label"],
            "takes": row["takes"],
            "related": row["related_meta_analyses"],
            "takes_parallel": row["parallel_pools"] == "take",
        }
        for row in tables["dim_selection_rules"]
        if row["takes"] in ("all", "first")
    }


def facts_of_kind(content: Content, kind: explorer.Kind) -> dict[str, Any]:
    """What the script needs of a kind: its effects, what chooses among them, and its axis."""
    tables = content.tables
    rows, codes = of_kind(tables, "rpt_explorer", kind), of_kind(tables, "rpt_explorer_codes", kind)
    filters = filters_of(of_kind(tables, "rpt_explorer_options", kind), content.review)
    analyses = declared_analyses(of_kind(tables, "rpt_explorer_analyses", kind), codes)
    shown = {analysis["analysis_id"] for analysis in analyses}
    limits = (row[column] for row in rows for column in ("estimate", "ci_low", "ci_high"))
    domain = shared_domain(limits, kind.is_log, kind.is_percent, kind.is_of_rates)
    return {
        "label": kind.label,
        "measure": kind.measure,
        "places": kind.decimals,
        "shown_as": kind.shown_as,
        "no_effect": kind.no_effect,
        "is_log": kind.is_log,
        "domain": domain,
        "ticks": kind.ticks(domain, explorer.WIDE.plot),
        "years": years_of(rows),
        "words": {
            "member": kind.member,
            "members": kind.members,
            "studies": kind.studies,
            "size": kind.size,
        },
        "has_scopes": any(row["scope"] != "overall" for row in rows),
        "filters": filters,
        "cuts": limits_of_cuts(rows),
        "analyses": analyses,
        "clusters": explorer.members(rows),
        "effects": explorer.columnar(
            explorer.effect_rows(
                kind,
                rows,
                codes_by_row(codes, "effect"),
                filters_asked(codes),
                places_by_effect(of_kind(tables, "fct_selection_ranks", kind)),
                filters,
            )
        ),
        "pools": explorer.columnar(
            explorer.pool_rows(
                row for row in tables["rpt_explorer_pools"] if row["analysis_id"] in shown
            )
        ),
        "layouts": explorer.layouts(kind),
    }


def choices(
    tables: Tables, kinds: list[explorer.Kind], offered: list[dict[str, Any]]
) -> tuple[Choice, ...]:
    """What is pooled, one control for each filter of analyses, and how one of each is chosen.

    The filters are those of any kind; the first kind's are set as in its first analysis.
    """
    measure = Choice(explorer.MEASURE, "Measure", tuple((kind.key, kind.label) for kind in kinds))
    filters = filters_of_any(offered)
    first = offered[0]
    made = [
        filter_choice(name, first["filters"].get(name), first, filters[name]) for name in filters
    ]
    scope = Choice(
        explorer.SCOPE,
        "Pools of a [[member]]",
        (("", "As the filters say"), ("overall", "Main pools only"), ("any", "Subgroups too")),
        hint="Unless said: subgroups too once a subgroup is chosen.",
        is_shown=first["has_scopes"],
    )
    selection = Choice(
        explorer.SELECTION,
        "Of those that pass, pool",
        tuple((key, rule["label"]) for key, rule in rules(tables).items()),
        chosen=explorer.TAKEN_WHERE_UNSAID,
    )
    return (*([measure] if len(kinds) > 1 else []), *made, scope, selection)


def methods(start: Mapping[str, str]) -> tuple[Choice, ...]:
    """How effects are pooled, set as a policy says where the page can compute that."""
    return tuple(
        Choice(name, label, options, chosen=start[name] if start[name] in dict(options) else usual)
        for name, (label, options, usual) in explorer.METHODS.items()
    )


def looks(filters: Mapping[str, Mapping[str, Any]]) -> tuple[Choice, ...]:
    """In which order rows stand, and what the upper chart shows."""
    orders = (
        ("estimate", "Effect"),
        ("weight", "Weight"),
        ("vi", "Precision"),
        ("year", "Year"),
        ("citation_label", "Name"),
        ("n_trials", "[[Studies]]"),
        ("amstar_score", "AMSTAR"),
        *((name, item["label"]) for name, item in filters.items()),
    )
    return (
        Choice("order", "Order of rows", orders, chosen="estimate"),
        Choice(
            "upper",
            "Upper chart",
            (("year", "Estimate by year"), ("se", "Funnel: estimate by standard error")),
            chosen="year",
        ),
    )


def filters_of_any(offered: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The filters that any kind has, by name."""
    return {name: item for facts in offered for name, item in facts["filters"].items()}


def filter_choice(
    name: str, item: dict[str, Any] | None, first: dict[str, Any], known: dict[str, Any]
) -> Choice:
    """The control of a filter as the first kind has it, hidden where it has none."""
    if item is None:
        return Choice(name, known["label"], (), is_shown=False)
    return Choice(
        name,
        item["label"],
        ((("", item["open_label"]),) if item["may_be_open"] else ()) + tuple(item["codes"].items()),
        chosen=first["analyses"][0]["codes"].get(name, ""),
    )


def cuts(offered: list[dict[str, Any]]) -> tuple[Choice | Number, ...]:
    """One control for each cut, with what the data of the first kind hold."""
    first = offered[0]
    limits, measure = first["cuts"], first["measure"]

    def number(name: str, label: str, hint: str = "") -> Number:
        return Number(name, label, limits[name], hint=hint, is_shown=limits[name] is not None)

    return (
        Choice(
            "source",
            "Read from",
            (("", "Any"), *((code, code.capitalize()) for code in limits["source"] or ())),
            is_shown=limits["source"] is not None,
        ),
        number("min_amstar", "AMSTAR, at least", "Leaves out those not rated."),
        number("min_trials", "[[Studies]], at least", "Leaves out those that do not say."),
        number("year_from", "Year from"),
        number("year_to", "Year to"),
        number("estimate_from", f"{measure} from"),
        number("estimate_to", f"{measure} to"),
        Choice(
            explorer.BRUSH_MODE,
            "Rectangle drawn in the chart",
            (("keep", "keeps what it covers"), ("drop", "drops what it covers")),
            chosen="keep",
        ),
    )


def limits_of_cuts(rows: list[Row]) -> dict[str, Any]:
    """Lowest and highest value and step of each cut; None where there is nothing to cut by."""
    trials = [row["n_trials"] for row in rows if row["n_trials"] is not None]
    estimates = [row["estimate"] for row in rows]
    scores = [row["amstar_score"] for row in rows if row["amstar_score"] is not None]
    sources = sorted({explorer.in_words(row["source_kind"]) for row in rows if row["source_kind"]})
    years = (*years_of(rows), 1)
    estimate = (min(estimates), max(estimates), "any")
    return {
        "source": sources or None,
        "min_amstar": (0, max(scores), 1) if scores else None,
        "min_trials": (0, max(trials), 1) if max(trials, default=0) > 1 else None,
        "year_from": years,
        "year_to": years,
        "estimate_from": estimate,
        "estimate_to": estimate,
    }


def years_of(rows: list[Row]) -> tuple[int, int]:
    """First and last year of publication; where none is known, the years a sheet may hold."""
    years = [row["year"] for row in rows if row["year"] is not None]
    return min(years, default=1900), max(years, default=2100)


def static_pages(content: Content) -> tuple[Link, ...]:
    """Pages with the forests that need no script."""
    drawn = {item.figure.condition for item in content.drawn if item.figure.kind == "forest"}
    found = {
        row["condition_id"]: row["condition_label"] or row["condition_id"]
        for row in content.tables["rpt_headline"]
        if row["condition_id"] in drawn
    }
    return tuple(Link(label, condition_file(content, key)) for key, label in found.items())
