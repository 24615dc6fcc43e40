"""Analyses and figures of imported trials: one analysis for each result that the rows allow."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from umbrella.importing.rows import SHEET_UNIT, Codes
from umbrella.outlining.outline import STEP, outlined

Row = Mapping[str, str]

SCALES = {
    "hedges_g": "smd",
    "cohens_d": "smd",
    "smd": "smd",
    "": "smd",
    "mean_difference": "mean_difference",
    "odds_ratio": "log_odds_ratio",
    "risk_ratio": "log_risk_ratio",
    "hazard_ratio": "log_hazard_ratio",
    "incidence_rate_ratio": "log_incidence_rate_ratio",
    "correlation": "fisher_z",
}
"""Scale of pooling by the measure of a row; a row without one is a comparison of means."""

KEYS = ("condition", "subtype", "outcome", "timepoint")


@dataclass
class Protocol:
    """Rows of the protocol for imported trials, beside the rows that are there."""

    labels: Mapping[str, str]
    outcomes: Mapping[str, str]
    scales: Mapping[str, Row]
    review_kind: str = ""
    known: Sequence[Row] = ()
    known_figures: Sequence[Row] = ()
    analyses: list[dict[str, str]] = field(default_factory=list)
    figures: list[dict[str, str]] = field(default_factory=list)
    figure_blocks: list[dict[str, str]] = field(default_factory=list)

    def add(self, trials: Iterable[Row], main_outcome: str) -> None:
        """An analysis and its figures for each condition, outcome and time of the trials.

        Without a main outcome all are headlines, and named.
        """
        sets: dict[tuple[str, ...], list[Row]] = {}
        for trial in trials:
            sets.setdefault(tuple(_cell(trial, key) for key in KEYS), []).append(trial)
        names = Codes()
        for row in (*self.known, *self.known_figures):
            names.code(row.get("analysis_id") or row["figure_id"])
        known = {tuple(row.get(key, "") for key in KEYS) for row in self.known}
        new = {keys: rows for keys, rows in sets.items() if keys not in known}
        if new and not any(row["figure_kind"] == "headline" for row in self.known_figures):
            shown = self._shown(scale_of(next(iter(new.values()))))
            self._add_figure("headline", "headline", "Results", *shown)
        for keys, rows in new.items():
            self._add_set(dict(zip(KEYS, keys, strict=True)), rows, main_outcome, names)

    def _add_set(
        self, keys: dict[str, str], rows: Sequence[Row], main_outcome: str, names: Codes
    ) -> None:
        is_main = keys["outcome"] == main_outcome
        is_headline = (is_main or not main_outcome) and not keys["timepoint"]
        label = keys["subtype"] or self.labels[keys["condition"]]
        parts = [keys["condition"], keys["subtype"], "" if is_main else keys["outcome"]]
        parts.append(keys["timepoint"])
        analysis_id = names.code(*[part for part in parts if part])
        words = [label]
        if not is_main:
            words.append(self.outcomes.get(keys["outcome"], keys["outcome"]).lower())
        if keys["timepoint"]:
            words.append("at follow-up")
        label = ": ".join(words)
        others = "follow_up" if keys["timepoint"] else "secondary"
        group = "condition" if is_headline else others
        scale = scale_of(rows)
        self.analyses.append(
            keys
            | {
                "analysis_id": analysis_id,
                "label": label,
                "analysis_group": group,
                "is_headline": "y" if group == "condition" else "n",
                "unit": "trial",
                "scale": scale,
                "measure_unit": SHEET_UNIT if scale == "mean_difference" else "",
                "review_kind": self.review_kind,
                "required_scope": "overall",
                "selection_rule": "all",
                "sort_order": str(STEP * (len(self.known) + len(self.analyses) + 1)),
            }
        )
        self._add_figures(analysis_id, label, scale, is_headline=group == "condition")

    def _shown(self, scale: str) -> tuple[str, str]:
        """What the axis of a figure shows, and its abbreviation."""
        row = self.scales[scale]
        log = " on a log axis" if row["shown_as"] == "exp" else ""
        return f"{row['label']}{log}", row["short_label"]

    def _add_figures(self, analysis_id: str, label: str, scale: str, *, is_headline: bool) -> None:
        subtitle, measure = self._shown(scale)
        block = (analysis_id, "All trials")
        self._add_figure(f"forest_{analysis_id}", "forest", label, subtitle, measure, block)
        for kind, own in outlined() if is_headline else ():
            if not own.sheets:
                self._add_figure(
                    own.figure_id.format(analysis=analysis_id),
                    kind,
                    own.title.format(label=label)
                    .replace("meta-analyses", "studies")
                    .replace("meta-analysis", "study"),
                    own.subtitle or subtitle,
                    own.measure or measure,
                    block,
                )

    def _add_figure(
        self,
        figure_id: str,
        kind: str,
        title: str,
        subtitle: str,
        measure: str,
        block: tuple[str, str] | None = None,
    ) -> None:
        position = len(self.known_figures) + len(self.figures) + 1
        self.figures.append(
            {
                "figure_id": figure_id,
                "figure_kind": kind,
                "title": title,
                "subtitle": subtitle,
                "measure": measure,
                "sort_order": str(STEP * position),
            }
        )
        if block:
            self.figure_blocks.append(
                {
                    "figure_id": figure_id,
                    "analysis_id": block[0],
                    "block_label": block[1],
                    "sort_order": "1",
                }
            )


def scale_of(rows: Iterable[Row]) -> str:
    """The scale on which trials are pooled: SMDs where one is, else that of most rows."""
    scales = Counter(SCALES[row.get("measure", "")] for row in rows)
    return "smd" if "smd" in scales else scales.most_common(1)[0][0]


def _cell(trial: Row, key: str) -> str:
    value = trial.get(key, "")
    return "" if key == "timepoint" and value == "post" else value
