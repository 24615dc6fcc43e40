"""What the page that pools again holds: kinds of analyses, their effects, and how they are drawn.

The script of the page chooses effects by the filters of analyses, one of each meta-analysis, leaves
out what a reader cuts off, and pools the rest (templates/pooling.js) on the scale of the analyses;
ratios, correlations and percentages are shown as such.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlencode

from reports import formats, sizes, text, theme
from reports.charts.scale import Scale
from reports.figure import Row, Tables
from reports.words import upper_first

FILE = "explore.html"
SCOPE, SELECTION, MEASURE = "pools", "selection", "measure"
BRUSH_MODE = "brush_mode"
TAKEN_WHERE_UNSAID = "all"
# Px from the left of a name to the numbers right of it; the tooltip has the name whole.
LABEL_LIMIT = 155.0
COLOURS = {
    "ink": theme.INK,
    "muted": theme.MUTED,
    "paper": theme.PAPER,
    "stripe": theme.STRIPE,
    "grid": theme.GRID,
    "square": theme.SQUARE,
    "prediction": theme.PREDICTION,
    "of_rows": theme.SAME_METHOD,
    "beside": theme.RECOMMENDED,
}
"""Colours of the chart; the style sheet of the site gives each its dark one."""


# Choices of the function pool that the script computes too, as people call them.
TAU2_METHODS = (
    ("CE", "Common effect (none)"),
    ("DL", "DerSimonian-Laird"),
    ("DL2", "DerSimonian-Laird, two steps"),
    ("REML", "Restricted maximum likelihood"),
    ("ML", "Maximum likelihood"),
    ("PM", "Paule-Mandel"),
    ("EB", "Empirical Bayes (Morris)"),
    ("HE", "Hedges"),
    ("SJ", "Sidik-Jonkman"),
    ("HS", "Hunter-Schmidt"),
    ("HSk", "Hunter-Schmidt, few studies"),
)
CI_METHODS = (
    ("z", "Normal (Wald)"),
    ("t", "Student's t"),
    ("HK", "Hartung-Knapp"),
    ("HK_adhoc", "Hartung-Knapp, never narrower than t"),
    ("HK_ci", "Hartung-Knapp or normal, the wider"),
)
PI_METHODS = (
    ("none", "None"),
    ("z", "Normal"),
    ("HTS", "Higgins: t with k − 2"),
    ("V", "Veroniki: t with k − 1"),
    ("HK", "Hartung-Knapp: t with k − 1"),
    ("HK_PR", "Partlett-Riley: Hartung-Knapp with k − 2"),
)
METHODS = {
    "tau2_method": ("Variance between [[members]]", TAU2_METHODS, "DL"),
    "ci_method": ("Interval of the effect", CI_METHODS, "z"),
    "pi_method": ("Range for a new one (prediction)", PI_METHODS, "HTS"),
}
"""Controls of how effects are pooled: label, options, and what is set for a policy of others."""


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

    def ticks(self, domain: tuple[float, float], width: float) -> list[tuple[float, str]]:
        """Ticks of its axis: values with their texts."""
        ticks = Scale(domain, width, self.is_log, self.is_percent).ticks
        return [(value, tick_text(value)) for value in ticks]

    @property
    def is_percent(self) -> bool:
        """Whether its values are percentages."""
        return self.shown_as == "expit"


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


def tick_text(value: float) -> str:
    """A tick as people read it, at most four decimals."""
    return f"{value:.4f}".rstrip("0").rstrip(".").replace("-", theme.MINUS)


def layouts(kind: Kind) -> dict[str, dict[str, Any]]:
    """The layouts with the words of a kind, as the script reads them."""
    return {name: asdict(layout.of(kind)) for name, layout in LAYOUTS.items()}


def columnar(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Rows as a list for each column: names stand once."""
    return {name: [row[name] for row in rows] for name in (rows[0] if rows else ())}


def control_id(name: str) -> str:
    """Id of a control in the page."""
    return f"explorer-{name.replace('_', '-')}"


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
    """Rows of rpt_explorer_pools that stand below the live pool, with their name and colour."""
    copied = (
        "analysis_id",
        "policy_id",
        "estimate",
        "ci_low",
        "ci_high",
        "p_value",
        "pi_low",
        "pi_high",
        "k",
        "tau2",
        "q",
        "q_df",
    )
    return [
        {
            **{name: None if formats.is_missing(row[name]) else row[name] for name in copied},
            "i2": None if formats.is_missing(row["i2_q"]) else row["i2_q"],
        }
        for row in sorted(rows, key=lambda row: row["policy_order"])
        if not any(formats.is_missing(row[name]) for name in ("estimate", "ci_low", "ci_high"))
    ]


def policies(rows: Iterable[Row]) -> dict[str, dict[str, Any]]:
    """The policies whose results stand beside the live pool, in their order, with their settings.

    The page opens with the settings of the one whose conversions its rows have.
    """
    found = {row["policy_id"]: row for row in sorted(rows, key=lambda row: row["policy_order"])}
    return {
        policy: {
            "name": row["policy_label"],
            "is_start": row["is_of_rows"],
            "colour": "of_rows" if row["is_of_rows"] else "beside",
            "is_independent": row["overlap_handling"] == "none",
            "settings": {name: row[name] for name in ("tau2_method", "ci_method", "pi_method")},
        }
        for policy, row in found.items()
    }


def offered_policies(policies: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The policies whose settings the page can compute."""
    return {
        key: policy
        for key, policy in policies.items()
        if all(policy["settings"][name] in dict(METHODS[name][1]) for name in METHODS)
    }


def addresses(tables: Tables) -> dict[str, str]:
    """Where the page pools each declared analysis anew, by the settings of the other policy.

    Analyses of which the page has no rows, or not the codes that they ask for, have no address.
    """
    kinds = {row["analysis_kind"] for row in tables["rpt_explorer"]}
    scoped = {row["analysis_kind"] for row in tables["rpt_explorer"] if row["scope"] != "overall"}
    offered: dict[str, dict[str, set[str]]] = {}
    for row in tables["rpt_explorer_options"]:
        values = offered.setdefault(row["analysis_kind"], {}).setdefault(row["filter_name"], set())
        values.update((row["code"], *([""] if row["may_be_open"] else [])))
    asked: dict[str, dict[str, str]] = {}
    for row in tables["rpt_explorer_codes"]:
        if row["row_kind"] == "analysis":
            asked.setdefault(row["row_id"], {})[row["filter_name"]] = row["code"]
    beside = offered_policies(policies(tables["rpt_explorer_pools"]))
    settings = next((one["settings"] for one in beside.values() if not one["is_start"]), {})
    found = {}
    for row in tables["rpt_explorer_analyses"]:
        kind, codes = row["analysis_kind"], asked.get(row["analysis_id"], {})
        filters = offered.get(kind, {})
        wanted = {name: codes.get(name, "") for name in filters}
        if kind not in kinds or any(code not in filters.get(f, ()) for f, code in wanted.items()):
            continue
        choice = {
            **({MEASURE: kind} if len(kinds) > 1 else {}),
            **wanted,
            **({SCOPE: row["required_scope"]} if kind in scoped else {}),
            SELECTION: row["selection_rule"],
            **settings,
        }
        found[row["analysis_id"]] = f"{FILE}#{urlencode(choice)}"
    return found


def in_words(code: str) -> str:
    """A code as people read it, such as full text."""
    return code.replace("_", " ")
