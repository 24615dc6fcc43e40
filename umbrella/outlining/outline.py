"""Analyses, contrasts, figures and their blocks, by the pattern of the shipped review.

A condition is pooled as a whole, by its largest meta-analysis, and by those subgroups that two
meta-analyses or more report; a contrast compares the subgroups of one kind. Effects at follow-up
are pooled, too, at any time and by those bands of months that two meta-analyses or more reach.
Each result has the figures of the site.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reports.theme import SMD_SUBTITLE as SMD
from umbrella.outlining.extraction import Extraction, Row, n_meta_analyses

if TYPE_CHECKING:
    from reports.figure import Outlined

LEAST = 2
"""Meta-analyses that a subgroup needs."""

STEP = 10
"""Between two numbers of `sort_order`, so that rows can be put in between."""

RATIO_SUBTITLES = {
    "log_odds_ratio": ("OR", "Odds ratio on a log axis; above one favours the intervention"),
    "log_risk_ratio": ("RR", "Risk ratio on a log axis; above one favours the intervention"),
}
RATES = {"dropout": "dropout", "adherence": "adherence", "completion": "adherence"}
"""Roles of the outcomes that are percentages, with the group of their analyses."""


TITLES = {
    "guidance": "guided and unguided interventions",
    "therapy": "effect by type of treatment",
    "analysis_set": "completers and intention to treat",
}
"""Of figures and contrasts by some filters; others are titled by their name."""

NAMED_BY_FILTER = ("therapy", "delivery")
"""Filters whose name begins the identifiers of their subgroups over all conditions."""

WITHIN_CONDITIONS = ("comparator", "severity")
"""What parts the effects of one condition only: over all conditions it would compare these."""


@dataclass(frozen=True)
class Split:
    """A way to part the effects: `column` of analyses, the codes in order, words for labels.

    What is said of a meta-analysis as a whole parts the pools of whole meta-analyses only.
    """

    name: str
    column: str
    code: Callable[[Row], str]
    labels: dict[str, str]
    title: str
    required_scope: str = "any"


@dataclass
class Outline:
    """Rows of the protocol sheets by name of the sheet; `symptom` is the code of that outcome."""

    symptom: str
    analyses: list[dict[str, str]] = field(default_factory=list)
    contrasts: list[dict[str, str]] = field(default_factory=list)
    figures: list[dict[str, str]] = field(default_factory=list)
    figure_blocks: list[dict[str, str]] = field(default_factory=list)

    def add_analysis(self, analysis_id: str, label: str, group: str, **cells: str) -> None:
        """An analysis of standardised mean differences between meta-analyses, unless it says."""
        usual = {
            "outcome": self.symptom,
            "unit": "meta_analysis",
            "scale": "smd",
            "required_scope": "any",
            "selection_rule": "all",
        }
        names = {"analysis_id": analysis_id, "label": label, "analysis_group": group}
        order = {"sort_order": str(STEP * (len(self.analyses) + 1))}
        self.analyses.append(names | usual | cells | order)

    def add_contrast(self, contrast_id: str, label: str, groups: Sequence[tuple[str, str]]) -> None:
        """A comparison of analyses, given with their names in it."""
        for order, (analysis_id, name) in enumerate(groups, start=1):
            self.contrasts.append(
                {
                    "contrast_id": contrast_id,
                    "contrast_label": label,
                    "analysis_id": analysis_id,
                    "group_label": name,
                    "sort_order": str(order),
                }
            )

    def add_figure(
        self,
        figure_id: str,
        kind: str,
        title: str,
        subtitle: str,
        measure: str,
        blocks: Sequence[tuple[str, str]] = (),
        contrast: str = "",
    ) -> None:
        """A figure of analyses, given with their names in it."""
        self.figures.append(
            {
                "figure_id": figure_id,
                "figure_kind": kind,
                "title": title,
                "subtitle": subtitle,
                "measure": measure,
                "contrast_id": contrast,
                "sort_order": str(STEP * (len(self.figures) + 1)),
            }
        )
        for order, (analysis_id, label) in enumerate(blocks, start=1):
            self.figure_blocks.append(
                {
                    "figure_id": figure_id,
                    "analysis_id": analysis_id,
                    "block_label": label,
                    "sort_order": str(order),
                }
            )


def make_outline(extraction: Extraction) -> Outline:
    """The protocol rows for an extraction."""
    made = Outline(extraction.code_of("outcomes", "symptom"))
    labels = extraction.labels("conditions")
    conditions = {code: labels[code] for code in extraction.conditions()}
    pooled = {c: name for c, name in conditions.items() if extraction.symptom_effects(c)}
    for condition, label in pooled.items():
        made.add_analysis(
            condition, label, "condition", condition=condition, required_scope="overall"
        )
    made.add_figure("headline", "headline", "Effect on symptoms by condition", SMD, "SMD")
    made.add_figure(
        "study_flow", "flow", "From records to pooled meta-analyses", "Meta-analyses", "count"
    )
    for condition, label in pooled.items():
        add_condition(made, extraction, condition, label)
    add_across(made, extraction, pooled)
    add_ratios(made, extraction, conditions)
    add_rates(made, extraction, conditions)
    add_overviews(made, extraction)
    return made


def splits(extraction: Extraction) -> list[Split]:
    """The ways to part effects, by comparator first."""
    known = [
        Split(
            "comparator",
            "comparator_class",
            lambda row: extraction.comparator_class(row["comparator"]),
            {"inactive": "Inactive controls", "active": "Active controls"},
            "inactive against active controls",
        )
    ]
    for name, vocabulary in extraction.filters.items():
        labels = extraction.subgroup_labels(vocabulary)
        title = TITLES.get(name, f"effect by {name.replace('_', ' ')}")
        scope = "overall" if extraction.is_of_meta_analyses(name) else "any"
        known.append(Split(name, name, lambda row, name=name: row[name], labels, title, scope))
    return known


def add_split(
    made: Outline, extraction: Extraction, split: Split, condition: str | None, label: str
) -> tuple[str, list[tuple[str, str]]]:
    """Analyses of the subgroups of one kind and their contrast; its id and the subgroups.

    Both are empty where fewer than two subgroups have enough meta-analyses.
    """
    rows = [
        row
        for row in extraction.symptom_effects(condition)
        if split.required_scope == "any" or row["scope"] != "subgroup"
    ]
    codes = extraction.codes(rows, split.code, split.labels, LEAST)
    if len(codes) < LEAST:
        return "", []
    prefix, own = of_condition(condition)
    if not condition and split.name in NAMED_BY_FILTER:
        prefix = f"{split.name}_"
    own["required_scope"] = split.required_scope
    groups = [(f"{prefix}{code}", split.labels[code]) for code in codes]
    for code, (analysis_id, name) in zip(codes, groups, strict=True):
        made.add_analysis(
            analysis_id, f"{label}: {name}", split.name, **own, **{split.column: code}
        )
    contrast = f"{split.name}_{condition or 'overall'}"
    made.add_contrast(contrast, f"{label}: {split.title}", groups)
    return contrast, groups


def of_condition(condition: str | None) -> tuple[str, dict[str, str]]:
    """Beginning of the identifiers of analyses and their cells, of one condition or of all."""
    return (f"{condition}_", {"condition": condition}) if condition else ("", {})


def add_follow_up(made: Outline, extraction: Extraction, condition: str | None, label: str) -> None:
    """Effects at follow-up, at any time and by bands of months, and their figure."""
    rows = extraction.symptom_effects(condition, "follow_up")
    if n_meta_analyses(rows) < LEAST:
        return
    prefix, own = of_condition(condition)
    any_time, name = f"{prefix}follow_up", f"{label}: at follow-up"
    bands = extraction.months_bands()
    made.add_analysis(any_time, name, "follow_up", timepoint="follow_up", **own)
    blocks = [(condition, "After treatment")] if condition else []
    blocks.append((any_time, "At follow-up"))
    for band in extraction.codes(rows, extraction.months_band, bands, LEAST):
        made.add_analysis(
            f"{any_time}_{band}",
            f"{name}, {bands[band].lower()}",
            "follow_up",
            timepoint="follow_up",
            months_band=band,
            **own,
        )
        blocks.append((f"{any_time}_{band}", "At follow-up"))
    figure_id = f"months_{condition}" if condition else "months"
    made.add_figure(figure_id, "months", f"{label}: effects over months", SMD, "SMD", blocks)


def add_condition(made: Outline, extraction: Extraction, condition: str, label: str) -> None:
    """The subgroups of a condition, and its figures."""
    whole = [(condition, "All controls")]
    comparator, *others = splits(extraction)
    contrast, groups = add_split(made, extraction, comparator, condition, label)
    title = f"{label}: effect on symptoms"
    made.add_figure(f"forest_{condition}", "forest", title, SMD, "SMD", [*whole, *groups], contrast)
    for split in others:
        contrast, groups = add_split(made, extraction, split, condition, label)
        if groups:
            made.add_figure(
                f"forest_{split.name}_{condition}",
                "forest",
                f"{label}: {split.title}",
                SMD,
                "SMD",
                groups,
                contrast,
            )
    add_follow_up(made, extraction, condition, label)
    for kind, own in outlined():
        if own.sheet is None:
            made.add_figure(
                own.figure_id.format(condition=condition),
                kind,
                own.title.format(label=label),
                own.subtitle,
                own.measure,
                [(condition, own.block.format(label=label))],
            )


def outlined() -> list[tuple[str, "Outlined"]]:
    """Kinds of figures, each with the figure that it asks for, in their order."""
    # What draws takes a second to import, and this command alone asks the kinds.
    from reports.figures import KINDS

    found = [(name, kind.outlined) for name, kind in KINDS.items() if kind.outlined]
    return sorted(found, key=lambda item: item[1].order)


def add_across(made: Outline, extraction: Extraction, pooled: dict[str, str]) -> None:
    """The largest meta-analysis of each condition, and subgroups over all of them."""
    for condition, label in pooled.items():
        made.add_analysis(
            f"largest_{condition}",
            f"{label}: largest meta-analysis",
            "largest",
            condition=condition,
            required_scope="overall",
            selection_rule="largest_k",
        )
    largest = [(f"largest_{condition}", label) for condition, label in pooled.items()]
    title = "The largest meta-analysis of each condition"
    made.add_figure("forest_largest", "forest", title, SMD, "SMD", largest)
    if len(pooled) < LEAST:
        return
    across = [one for one in splits(extraction) if one.name not in WITHIN_CONDITIONS]
    for split in across:
        contrast, groups = add_split(made, extraction, split, None, "All conditions")
        if groups:
            title = f"All conditions: {split.title}"
            made.add_figure(f"forest_{split.name}", "forest", title, SMD, "SMD", groups, contrast)
    add_follow_up(made, extraction, None, "All conditions")


def add_ratios(made: Outline, extraction: Extraction, conditions: dict[str, str]) -> None:
    """Response and remission of each condition, by the ratio that most meta-analyses report."""
    known, names = extraction.ratio_scales(), extraction.labels("outcomes")
    for condition, label in conditions.items():
        found: dict[str, list[tuple[str, str]]] = {}
        for role in ("response", "remission"):
            outcome = extraction.code_of("outcomes", role)
            name = names.get(outcome, "")
            measures = [row["measure"] for row in extraction.main_effects(outcome, condition)]
            scales = Counter(known[measure] for measure in measures if measure in known)
            if not scales:
                continue
            [(scale, _)] = scales.most_common(1)
            made.add_analysis(
                f"{role}_{condition}",
                f"{label}: {name.lower()}",
                "secondary",
                condition=condition,
                outcome=outcome,
                scale=scale,
                required_scope="overall",
            )
            found.setdefault(scale, []).append((f"{role}_{condition}", name))
        for scale, blocks in found.items():
            measure, subtitle = RATIO_SUBTITLES[scale]
            ending = f"_{measure.lower()}" if len(found) > 1 else ""
            made.add_figure(
                f"forest_secondary_{condition}{ending}",
                "forest",
                f"{label}: {' and '.join(name.lower() for _, name in blocks)}",
                subtitle,
                measure,
                blocks,
            )


def add_rates(made: Outline, extraction: Extraction, conditions: dict[str, str]) -> None:
    """Dropout, adherence and completion, of each condition and of all."""
    by_condition: dict[str, list[tuple[str, str]]] = {}
    shown: dict[str, list[str]] = {}
    names = extraction.labels("outcomes")
    for role, group in RATES.items():
        outcome = extraction.code_of("outcomes", role)
        rows = [row for row in extraction.sheets["reported_rates"] if row["outcome"] == outcome]
        own = {row["condition"] for row in rows}
        cells = {"outcome": outcome, "scale": "logit"}
        prefix = "" if role == "dropout" else f"{names.get(outcome, '')}: "
        for condition, label in conditions.items():
            if condition in own:
                name = f"{prefix}{label}"
                analysis_id = f"{role}_{condition}"
                made.add_analysis(analysis_id, name, group, condition=condition, **cells)
                by_condition.setdefault(condition, []).append((analysis_id, name))
                shown.setdefault(condition, []).append(names[outcome].lower())
        if len(own) >= LEAST:
            made.add_analysis(f"{role}_overall", f"{prefix}All conditions", group, **cells)
        add_pairs_of_rates(made, extraction, role, rows)
    subtitle = "Percentage of participants or sessions in the intervention arms"
    groups = {row["analysis_group"] for row in made.analyses}
    if "dropout" in groups:
        made.add_figure("dropout", "dropout", "Dropout", subtitle, "percent")
    if "adherence" in groups:
        made.add_figure("adherence", "dropout", "Adherence and completion", subtitle, "percent")
    for condition, blocks in by_condition.items():
        made.add_figure(
            f"dropout_{condition}",
            "dropout",
            f"{conditions[condition]}: {', '.join(shown[condition])}",
            subtitle,
            "percent",
            blocks,
        )


def add_pairs_of_rates(
    made: Outline, extraction: Extraction, role: str, rows: Sequence[Row]
) -> None:
    """Guided against unguided arms, and intervention against control arms, where both are known."""
    outcome = extraction.code_of("outcomes", role)
    cells = {"outcome": outcome, "scale": "logit"}
    name = extraction.labels("outcomes")[outcome]
    prefix = "" if role == "dropout" else f"{name}: "
    guided = {extraction.code_of("guidances", part): part for part in ("guided", "unguided")}
    if set(guided) <= {row["guidance"] for row in rows}:
        for code, part in guided.items():
            words = f"{prefix}{part} interventions"
            label = words[:1].upper() + words[1:]
            made.add_analysis(f"{role}_{part}", label, RATES[role], guidance=code, **cells)
        groups = [(f"{role}_{part}", part.capitalize()) for part in guided.values()]
        add_pairs(made, f"{role}_guidance", f"{name}: guided against unguided", groups)
    is_overall = any(row["analysis_id"] == f"{role}_overall" for row in made.analyses)
    if is_overall and "control" in {row["arm"] for row in rows}:
        label = f"{prefix}control arms" if prefix else "Control arms"
        made.add_analysis(f"{role}_control", label, RATES[role], arm="control", **cells)
        groups = [(f"{role}_overall", "Intervention"), (f"{role}_control", "Control")]
        add_pairs(made, f"{role}_arms", f"{name}: intervention against control arms", groups)


def add_pairs(made: Outline, contrast: str, label: str, groups: Sequence[tuple[str, str]]) -> None:
    """A contrast of two rates with the figure of its pairs within meta-analyses."""
    made.add_contrast(contrast, label, groups)
    made.add_figure(
        f"pairs_{contrast}",
        "rate_pairs",
        f"{label}, within meta-analyses",
        "Percentages that the same meta-analysis reports",
        "percent",
        contrast=contrast,
    )


def add_overviews(made: Outline, extraction: Extraction) -> None:
    """Figures of the whole review, where its sheets hold what they show."""
    for kind, own in outlined():
        if own.sheet and extraction.has_rows(own.sheet):
            made.add_figure(own.figure_id, kind, own.title, own.subtitle, own.measure)
