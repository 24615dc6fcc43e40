"""Small reviews for tests: the sheets that `umbrella new` makes, with rows of a test's own."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.python.conftest import ROOT, append
from tests.python.renaming import MARK
from umbrella.commands.new import make_folder

PRESET = "mental-health"
REVIEW = {
    "review_id": "r1", "title": "A made-up review", "question": "Is anything made up?",
    "search_date": "2024-05-01", "data_note": "Every number is made up.",
}  # fmt: skip
META_ANALYSIS = {
    "first_author": "Author A", "year": "2020", "journal": "A journal",
    "n_trials": "10", "n_participants": "1000", "delivery": "website", "eligibility": "included",
    "source_kind": "full_text",
}  # fmt: skip
EFFECT = {
    "outcome": "symptom", "timepoint": "post", "measure": "hedges_g", "ci_level": "0.95",
    "n_comparisons": "10", "n_total": "1000", "comparator": "waitlist", "guidance": "guided",
    "therapy": "cbt", "analysis_set": "itt", "favourable_direction": "positive",
    "synthesis_model": "random", "scope": "overall", "source_locator": "Table 2",
}  # fmt: skip
LEVELS = ((0.30, 0.18), (0.42, 0.12), (0.55, 0.20), (0.38, 0.15))
"""Estimates with half the width of their intervals: those of a code's meta-analyses in turn."""


def make_review(
    folder: Path,
    conditions: Mapping[str, str],
    effects: Iterable[dict[str, str]],
    outcomes: Iterable[dict[str, str]] = (),
    **review: str,
) -> Path:
    """A folder of sheets with these conditions (labels by code), outcomes and effects; returns it.

    What an effect does not say is that of `EFFECT`; each is of a meta-analysis of its own unless it
    names one. Cells of the review's own row go last.
    """
    make_folder(folder, ROOT, PRESET)
    append(folder / "protocol/review.csv", REVIEW | review)
    append(
        folder / "vocabulary/conditions.csv",
        *({"code": code, "label": label} for code, label in conditions.items()),
    )
    append(folder / "vocabulary/outcomes.csv", *outcomes)
    rows = [
        EFFECT | {"effect_id": f"Made{i}_1", "meta_analysis_id": f"Made{i}"} | effect
        for i, effect in enumerate(effects, start=1)
    ]
    known = dict.fromkeys(row["meta_analysis_id"] for row in rows)
    append(
        folder / "extraction/meta_analyses.csv",
        *(
            META_ANALYSIS | {"meta_analysis_id": name, "title": f"Title of {name}"}
            for name in known
        ),
    )
    append(folder / "extraction/reported_effects.csv", *rows)
    return folder


def effects_on(condition: str, count: int, **cells: str) -> list[dict[str, str]]:
    """Standardised mean differences of so many meta-analyses, unless cells say otherwise."""
    return [
        {
            "condition": condition,
            "estimate": f"{estimate:g}",
            "ci_low": f"{estimate - half:g}",
            "ci_high": f"{estimate + half:g}",
        }
        | cells
        for estimate, half in LEVELS[:count]
    ]


def switch_conversions(sheets: Path, *, is_renamed: bool = False, **used: str) -> None:
    """Say of conversions, by their shipped codes, where each is used; or give all other codes."""
    path = sheets / "protocol/conversions.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert set(used) <= {row["conversion"] for row in rows}
    for row in rows:
        row["used"] = used.get(row["conversion"], row["used"])
        row["conversion"] += MARK if is_renamed else ""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
