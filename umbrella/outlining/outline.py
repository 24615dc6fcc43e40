"""Analyses, contrasts, figures and their blocks, by the pattern of the shipped review.

Each outcome of a condition is pooled on each scale on which a meta-analysis reports it. Symptoms
are its headline, and where it has none, every outcome is. A headline of several meta-analyses is
also pooled by the largest, and each by those subgroups that two meta-analyses or more report; a
contrast compares the subgroups of one kind. Effects at follow-up are pooled, too, at any time and
by those bands of months that two meta-analyses or more reach. Each result has the figures of the
site.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from umbrella.outlining.extraction import (
    INCIDENCE,
    LOGIT,
    MEAN_DIFFERENCE,
    OF_RATES,
    SMD,
    Extraction,
    Kind,
    Row,
    Scale,
    n_meta_analyses,
)
from umbrella.text import about, within_sentence

if TYPE_CHECKING:
    from reports.figure import Outlined

LEAST = 2
"""Meta-analyses that a subgroup needs."""

STEP = 10
"""Between two numbers of `sort_order`, so that rows can be put in between."""

MOST_NAMED = 3
"""Outcomes that a title names."""

RATES = {"dropout": "dropout", "adherence": "adherence", "completion": "adherence"}
"""Roles of the outcomes that say who stays, with the group of their analyses: no headlines."""

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


@dataclass(frozen=True)
class Target:
    """What an analysis is of: effects or percentages of a kind, of a condition or of all of them.

    `analysis_id` is that of the whole; identifiers of its parts begin with it. `label` names it in
    full, `short` within a figure of its condition.
    """

    analysis_id: str
    label: str
    short: str
    kind: Kind
    scale: Scale
    condition: str | None = None
    is_symptom: bool = False
    is_headline: bool = False
    required_scope: str = "any"

    @property
    def cells(self) -> dict[str, str]:
        """Its cells in the sheet of analyses."""
        own = {"outcome": self.kind.outcome, "scale": self.kind.scale}
        unit = {"measure_unit": self.kind.unit} if self.kind.unit else {}
        return own | unit | ({"condition": self.condition} if self.condition else {})

    @property
    def prefix(self) -> str:
        """Beginning of the identifiers of its parts."""
        return f"{self.analysis_id}_" if self.analysis_id else ""

    @property
    def measure(self) -> str:
        """The measure of its figures."""
        return self.scale.measure

    @property
    def subtitle(self) -> str:
        """What the axis of its figures shows."""
        joined = " in " if self.kind.scale == MEAN_DIFFERENCE else " "
        return self.scale.subtitle + (f"{joined}{self.kind.unit}" if self.kind.unit else "")


@dataclass
class Outline:
    """Rows of the protocol sheets by name of the sheet, and what the review calls a condition."""

    condition_word: str = "condition"
    analyses: list[dict[str, str]] = field(default_factory=list)
    contrasts: list[dict[str, str]] = field(default_factory=list)
    figures: list[dict[str, str]] = field(default_factory=list)
    figure_blocks: list[dict[str, str]] = field(default_factory=list)

    def add_analysis(self, analysis_id: str, label: str, group: str, **cells: str) -> str:
        """An analysis of meta-analyses, unless it says; its identifier, which no other has."""
        usual = {"unit": "meta_analysis", "required_scope": "any", "selection_rule": "all"}
        free = unused(analysis_id, {row["analysis_id"] for row in self.analyses})
        names = {"analysis_id": free, "label": label, "analysis_group": group}
        order = {"sort_order": str(STEP * (len(self.analyses) + 1))}
        self.analyses.append(names | usual | cells | order)
        return free

    def add_contrast(self, contrast_id: str, label: str, groups: Sequence[tuple[str, str]]) -> str:
        """A comparison of analyses, given with their names in it; its identifier."""
        free = unused(contrast_id, {row["contrast_id"] for row in self.contrasts})
        for order, (analysis_id, name) in enumerate(groups, start=1):
            self.contrasts.append(
                {
                    "contrast_id": free,
                    "contrast_label": label,
                    "analysis_id": analysis_id,
                    "group_label": name,
                    "sort_order": str(order),
                }
            )
        return free

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
        free = unused(figure_id, {row["figure_id"] for row in self.figures})
        self.figures.append(
            {
                "figure_id": free,
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
                    "figure_id": free,
                    "analysis_id": analysis_id,
                    "block_label": label,
                    "sort_order": str(order),
                }
            )


def unused(name: str, taken: set[str]) -> str:
    """The name, or the first number after it that makes it one that is not taken."""
    free, number = name, LEAST
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def make_outline(extraction: Extraction) -> Outline:
    """The protocol rows for an extraction."""
    made = Outline(extraction.condition_word)
    labels = extraction.labels("conditions")
    conditions = {code: labels[code] for code in extraction.conditions()}
    targets = [
        target
        for code, label in conditions.items()
        for target in targets_of(extraction, code, label)
    ]
    headlines = [add_whole(made, target) for target in targets if target.is_headline]
    with_headline = {target.condition for target in headlines}
    rates = rate_targets(extraction, conditions, with_headline)
    add_headline_figure(made, [*headlines, *(rate for rate in rates if rate.is_headline)])
    made.add_figure(
        "study_flow", "flow", "From records to pooled meta-analyses", "Meta-analyses", "count"
    )
    alone = alone_in_figures(extraction, headlines)
    for target in headlines:
        if target not in alone:
            add_parts(made, extraction, target)
    add_forests(made, "forest", alone, conditions)
    add_largest(made, extraction, headlines)
    add_across(made, extraction, [target for target in headlines if target.is_symptom])
    others = [target for target in targets if not target.is_headline]
    whole = [add_whole(made, target) for code in conditions for target in others
             if target.condition == code]  # fmt: skip
    add_forests(made, "forest_secondary", whole, conditions)
    add_rates(made, extraction, rates, conditions)
    add_overviews(made, extraction)
    return made


def targets_of(extraction: Extraction, condition: str, label: str) -> list[Target]:
    """Each outcome of a condition on each scale, an outcome's scale of most meta-analyses first."""
    names, roles = extraction.labels("outcomes"), extraction.outcome_roles
    found: list[Target] = []
    for kind in extraction.kinds(condition):
        outcome, scale = kind.outcome, extraction.scales[kind.scale]
        is_first = outcome not in {target.kind.outcome for target in found}
        is_symptom = roles[outcome] == "symptom" and kind.scale == SMD
        role = roles[outcome] or outcome
        name = f"{role}_relative_{condition}" if role in RATES else f"{role}_{condition}"
        words = f"{label}: {within_sentence(names[outcome])}"
        unit = kind.unit if kind.scale == MEAN_DIFFERENCE else ""
        if kind.unit and not unit:
            words = f"{words} {kind.unit}"
        if not is_first:
            name = f"{name}_{scale.measure.lower()}"
            words = f"{words} ({', '.join(filter(None, (scale.measure, unit)))})"
        found.append(
            Target(
                analysis_id=condition if is_symptom else name,
                label=label if is_symptom else words,
                short="All controls" if is_symptom else words.removeprefix(f"{label}: "),
                kind=kind,
                scale=scale,
                condition=condition,
                is_symptom=is_symptom,
                required_scope=extraction.widest_scope(condition, kind),
            )
        )
    chosen = [target for target in found if target.is_symptom] or found
    return [replace(target, is_headline=target in chosen) for target in found]


def rate_targets(
    extraction: Extraction, conditions: dict[str, str], with_headline: set[str | None]
) -> list[Target]:
    """The rates of each condition; one that says not who stays may be its headline."""
    names, roles = extraction.labels("outcomes"), extraction.outcome_roles
    found = []
    outcomes = [kind.outcome for kind in extraction.rate_kinds]
    for kind in extraction.rate_kinds:
        outcome, role = kind.outcome, roles[kind.outcome]
        is_incidence = kind.scale == INCIDENCE
        words = "" if role == "dropout" else f": {within_sentence(names[outcome])}"
        if outcomes.count(outcome) > 1 and is_incidence:
            words += f" {kind.unit}"
        measure = extraction.scales[kind.scale].measure
        is_named = role in RATES and not is_incidence
        name = role if is_named else f"{role or outcome}_{measure}"
        own = {row["condition"] for row in extraction.rates(kind)}
        found += [
            Target(
                analysis_id=f"{name}_{condition}",
                label=f"{label}{words}",
                short=within_sentence(names[outcome]),
                kind=kind,
                scale=extraction.scales[kind.scale],
                condition=condition,
                is_headline=role not in RATES and condition not in with_headline,
            )
            for condition, label in conditions.items()
            if condition in own
        ]
    return found


def add_whole(made: Outline, target: Target) -> Target:
    """The analysis of a whole target; the target with the identifier that it has."""
    cells = {"required_scope": target.required_scope}
    if target.is_headline:
        group, cells["is_headline"] = "condition", "y"
    else:
        group = "secondary"
    analysis_id = made.add_analysis(
        target.analysis_id, target.label, group, **cells, **target.cells
    )
    return replace(target, analysis_id=analysis_id)


def add_headline_figure(made: Outline, headlines: Sequence[Target]) -> None:
    """The figure of all headlines, which has an axis for each of their scales."""
    if headlines:
        is_symptoms = all(target.is_symptom for target in headlines)
        title = f"{'Effect on symptoms' if is_symptoms else 'Results'} by {made.condition_word}"
        first = headlines[0]
        is_one = len({target.subtitle for target in headlines}) == 1
        subtitle = first.subtitle if is_one else "Each measure on an axis of its own"
        made.add_figure("headline", "headline", title, subtitle, first.measure)


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
    made: Outline, extraction: Extraction, split: Split, target: Target
) -> tuple[str, list[tuple[str, str]]]:
    """Analyses of the subgroups of one kind and their contrast; its id and the subgroups.

    Both are empty where fewer than two subgroups have enough meta-analyses.
    """
    rows = [
        row
        for row in extraction.main_effects(target.condition, target.kind)
        if split.required_scope == "any" or row["scope"] != "subgroup"
    ]
    codes = extraction.codes(rows, split.code, split.labels, LEAST)
    if len(codes) < LEAST:
        return "", []
    is_named = not target.analysis_id and split.name in NAMED_BY_FILTER
    prefix = f"{split.name}_" if is_named else target.prefix
    groups = [
        (
            made.add_analysis(
                f"{prefix}{code}",
                about(target.label, split.labels[code]),
                split.name,
                **target.cells,
                required_scope=split.required_scope,
                **{split.column: code},
            ),
            split.labels[code],
        )
        for code in codes
    ]
    contrast = made.add_contrast(
        f"{split.name}_{target.analysis_id or 'overall'}", about(target.label, split.title), groups
    )
    return contrast, groups


def add_follow_up(made: Outline, extraction: Extraction, target: Target) -> None:
    """Effects at follow-up, at any time and by bands of months, and their figure."""
    rows = extraction.main_effects(target.condition, target.kind, "follow_up")
    if n_meta_analyses(rows) < LEAST:
        return
    name = about(target.label, "at follow-up")
    bands = extraction.months_bands()
    cells = target.cells | {"timepoint": "follow_up"}
    any_time = made.add_analysis(f"{target.prefix}follow_up", name, "follow_up", **cells)
    blocks = [(target.analysis_id, "After treatment")] if target.analysis_id else []
    blocks.append((any_time, "At follow-up"))
    for band in extraction.codes(rows, extraction.months_band, bands, LEAST):
        analysis_id = made.add_analysis(
            f"{any_time}_{band}",
            f"{name}, {bands[band].lower()}",
            "follow_up",
            months_band=band,
            **cells,
        )
        blocks.append((analysis_id, "At follow-up"))
    figure_id = f"months_{target.analysis_id}" if target.analysis_id else "months"
    title = about(target.label, "effects over months")
    made.add_figure(figure_id, "months", title, target.subtitle, target.measure, blocks)


def add_parts(made: Outline, extraction: Extraction, target: Target) -> None:
    """The subgroups of a headline, and its figures."""
    key, scale = target.analysis_id, (target.subtitle, target.measure)
    comparator, *others = splits(extraction)
    contrast, groups = add_split(made, extraction, comparator, target)
    title = f"{target.label}: effect on symptoms" if target.is_symptom else target.label
    blocks = [(key, target.short), *groups]
    made.add_figure(f"forest_{key}", "forest", title, *scale, blocks, contrast)
    for split in others:
        contrast, groups = add_split(made, extraction, split, target)
        if groups:
            title = about(target.label, split.title)
            made.add_figure(f"forest_{split.name}_{key}", "forest", title, *scale, groups, contrast)
    add_follow_up(made, extraction, target)
    add_own_figures(made, target, size(extraction, target))


def add_own_figures(made: Outline, target: Target, n: int) -> None:
    """The figures that each kind asks for of a headline of `n` meta-analyses."""
    for kind, own in outlined():
        is_of_rates = target.kind.scale in OF_RATES
        if not own.sheets and n >= own.least and (own.is_for_rates or not is_of_rates):
            made.add_figure(
                own.figure_id.format(analysis=target.analysis_id),
                kind,
                about(target.label, own.title),
                own.subtitle or target.subtitle,
                own.measure or target.measure,
                [
                    (
                        target.analysis_id,
                        own.block.format(label=target.label, short=target.short),
                    )
                ],
            )


def outlined() -> list[tuple[str, "Outlined"]]:
    """Kinds of figures, each with the figure that it asks for, in their order."""
    # What draws takes a second to import, and this command alone asks the kinds.
    from reports.figures import KINDS

    found = [(name, kind.outlined) for name, kind in KINDS.items() if kind.outlined]
    return sorted(found, key=lambda item: item[1].order)


def add_largest(made: Outline, extraction: Extraction, headlines: Sequence[Target]) -> None:
    """The largest meta-analysis of each headline that has several, in a figure for each scale."""
    found: dict[str, list[tuple[Target, str]]] = {}
    for target in headlines:
        if size(extraction, target) < LEAST:
            continue
        analysis_id = made.add_analysis(
            f"largest_{target.analysis_id}",
            about(target.label, "largest meta-analysis"),
            "largest",
            **target.cells,
            required_scope=target.required_scope,
            selection_rule="largest_k",
        )
        found.setdefault(target.subtitle, []).append((target, analysis_id))
    for members in found.values():
        first = members[0][0]
        made.add_figure(
            "forest_largest" if len(found) == 1 else f"forest_largest_{first.measure.lower()}",
            "forest",
            f"The largest [[member]] of each {made.condition_word}",
            first.subtitle,
            first.measure,
            [(analysis_id, target.label) for target, analysis_id in members],
        )


def add_across(made: Outline, extraction: Extraction, symptoms: Sequence[Target]) -> None:
    """Subgroups and follow-up over all conditions, of effects on symptoms alone."""
    if len(symptoms) < LEAST:
        return
    label = "All conditions"
    whole = replace(symptoms[0], analysis_id="", label=label, condition=None, is_headline=False)
    for split in splits(extraction):
        if split.name in WITHIN_CONDITIONS:
            continue
        contrast, groups = add_split(made, extraction, split, whole)
        if groups:
            title, scale = f"{label}: {split.title}", (whole.subtitle, whole.measure)
            made.add_figure(f"forest_{split.name}", "forest", title, *scale, groups, contrast)
    add_follow_up(made, extraction, whole)


def alone_in_figures(extraction: Extraction, headlines: Sequence[Target]) -> list[Target]:
    """Headlines of one meta-analysis, of conditions with several: figures of their own say little.

    There is nothing to pool in them, and they are read beside each other.
    """
    ones = [target for target in headlines if size(extraction, target) < LEAST]
    n_ones = Counter(target.condition for target in ones)
    return [target for target in ones if n_ones[target.condition] >= LEAST]


def size(extraction: Extraction, target: Target) -> int:
    """Meta-analyses that a target has."""
    return n_meta_analyses(extraction.main_effects(target.condition, target.kind))


def add_forests(
    made: Outline, name: str, targets: Sequence[Target], conditions: dict[str, str]
) -> None:
    """Several outcomes of a condition in one figure for each scale."""
    for condition, label in conditions.items():
        found: dict[str, list[Target]] = {}
        for target in targets:
            if target.condition == condition:
                found.setdefault(target.subtitle, []).append(target)
        for members in found.values():
            ending = f"_{members[0].measure.lower()}" if len(found) > 1 else ""
            made.add_figure(
                f"{name}_{condition}{ending}",
                "forest",
                f"{label}: {listed([target.short for target in members])}",
                members[0].subtitle,
                members[0].measure,
                [(target.analysis_id, capitalised(target.short)) for target in members],
            )


def listed(words: Sequence[str]) -> str:
    """Some names in a row; how many where there are more than a title can hold."""
    if len(words) > MOST_NAMED:
        return f"{len(words)} outcomes"
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def capitalised(words: str) -> str:
    """Words at the beginning of a line."""
    return words[:1].upper() + words[1:]


def add_rates(
    made: Outline, extraction: Extraction, rates: Sequence[Target], conditions: dict[str, str]
) -> None:
    """Rates of each condition and, in percent of those who stay, over all conditions."""
    roles, names = extraction.outcome_roles, extraction.labels("outcomes")
    by_condition: dict[tuple[str, str], list[Target]] = {}
    by_outcome: dict[str, list[Target]] = {}
    for target in rates:
        group = RATES.get(roles[target.kind.outcome])
        own = add_whole(made, target) if group is None else staying(made, target, group)
        by_condition.setdefault((own.condition, own.subtitle), []).append(own)
        if own.kind.scale == LOGIT:
            by_outcome.setdefault(own.kind.outcome, []).append(own)
    for outcome, members in by_outcome.items():
        role = roles[outcome]
        if role in RATES and len(members) >= LEAST:
            prefix = "" if role == "dropout" else f"{names[outcome]}: "
            cells = {"outcome": outcome, "scale": LOGIT}
            made.add_analysis(f"{role}_overall", f"{prefix}All conditions", RATES[role], **cells)
        if role in RATES:
            rows = extraction.sheets["reported_rates"]
            add_pairs_of_rates(
                made, extraction, role, [row for row in rows if row["outcome"] == outcome]
            )
    subtitle = extraction.scales[LOGIT].subtitle
    groups = {row["analysis_group"] for row in made.analyses}
    if "dropout" in groups:
        made.add_figure("dropout", "dropout", "Dropout", subtitle, "percent")
    if "adherence" in groups:
        made.add_figure("adherence", "dropout", "Adherence and completion", subtitle, "percent")
    for (condition, axis), members in by_condition.items():
        title = f"{conditions[condition]}: {', '.join(target.short for target in members)}"
        blocks = [(target.analysis_id, target.label) for target in members]
        made.add_figure(f"dropout_{condition}", "dropout", title, axis, members[0].measure, blocks)
        for target in members:
            if target.is_headline:
                rows = extraction.rates(target.kind)
                n = n_meta_analyses(row for row in rows if row["condition"] == condition)
                if n >= LEAST:
                    forest = [(target.analysis_id, capitalised(target.short))]
                    name = f"forest_{target.analysis_id}"
                    made.add_figure(name, "forest", target.label, axis, target.measure, forest)
                add_own_figures(made, target, n)


def staying(made: Outline, target: Target, group: str) -> Target:
    """The analysis of a percentage that says who stays."""
    analysis_id = made.add_analysis(target.analysis_id, target.label, group, **target.cells)
    return replace(target, analysis_id=analysis_id)


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
            label = capitalised(f"{prefix}{part} interventions")
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
        f"{label}, within [[members]]",
        "Percentages that the same meta-analysis reports",
        "percent",
        contrast=contrast,
    )


def add_overviews(made: Outline, extraction: Extraction) -> None:
    """Figures of the whole review, where its sheets hold what they show."""
    for kind, own in outlined():
        if any(extraction.has_rows(sheet) for sheet in own.sheets):
            title = own.title.format(condition=made.condition_word)
            made.add_figure(own.figure_id, kind, title, own.subtitle, own.measure)
