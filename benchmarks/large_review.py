"""Larger reviews, made of copies of the shipped sheets under new identifiers.

usage: python -m benchmarks.large_review --size 10 --out FOLDER [--spread]

Size 1 is the shipped review, size 10 has ten of every meta-analysis, trial and effect. The copies
are of the same conditions, which grow (depression: 39 meta-analyses, 3,900 at size 100), or, with
--spread, each of new conditions with analyses, contrasts and figures of their own. Standardised
mean differences are moved a little, the same at every run, so that no two copies are equal.
"""

import argparse
import csv
import shutil
from collections.abc import Callable, Iterable
from hashlib import blake2b
from pathlib import Path

SHIPPED = Path(__file__).resolve().parent.parent / "seeds"

Row = dict[str, str]

KEYS = {
    "meta_analyses": ("meta_analysis_id",),
    "reported_effects": ("effect_id", "meta_analysis_id"),
    "reported_rates": ("rate_id", "meta_analysis_id"),
    "second_extraction": ("effect_id",),
    "second_extraction_rates": ("rate_id",),
    "adjudications": ("effect_id",),
    "quality_ratings": ("meta_analysis_id",),
    "study_inclusion": ("meta_analysis_id", "study_id"),
    "trial_aliases": ("study_id_a", "study_id_b"),
    "primary_studies": ("comparison_id", "dataset", "source", "study_id"),
    "ma_relations": ("meta_analysis_id", "related_id"),
    "reported_certainty": ("meta_analysis_id", "effect_id"),
}
"""Sheets of the extraction that are copied, and their columns of identifiers."""

SMD_MEASURES = {"hedges_g", "smd", "cohens_d"}
MOVED = ("estimate", "ci_low", "ci_high")
ADJUDICATED = ("first_value", "second_value", "adjudicated_value")


def make_review(out: Path, size: int, *, is_spread: bool, shipped: Path = SHIPPED) -> None:
    """Write the sheets of a review ``size`` times as large as the shipped one to ``out``."""
    shutil.copytree(shipped, out)
    copies = range(1, size)
    smd_effects = {
        row["effect_id"]
        for row in _rows(shipped / "extraction/reported_effects.csv")
        if row["measure"] in SMD_MEASURES
    }

    def in_condition(row: Row, copy: int) -> Row:
        if is_spread and row.get("condition"):
            return row | {"condition": _code(row["condition"], copy)}
        return row

    for sheet, keys in KEYS.items():

        def copied(row: Row, copy: int, keys: tuple[str, ...] = keys) -> Row:
            moved = _moved(row, copy) if row.get("effect_id") in smd_effects else row
            return in_condition(moved | {key: _identifier(row[key], copy) for key in keys}, copy)

        _append_copies(out / f"extraction/{sheet}.csv", copied, copies)
    if is_spread:
        _spread_protocol(out, copies)


def _spread_protocol(out: Path, copies: range) -> None:
    """Conditions of their own for the copies, with what the protocol has for one condition."""
    conditions = out / "vocabulary/conditions.csv"
    _append_copies(
        conditions,
        lambda row, copy: (
            row | {"code": _code(row["code"], copy), "label": _label(row["label"], copy)}
        ),
        copies,
        lambda row: row["code"] != "all",
    )
    protocol = out / "protocol"
    analyses = {
        row["analysis_id"]
        for row in _rows(protocol / "analyses.csv")
        if row["condition"] not in ("", "all")
    }
    contrasts = _whole(protocol / "contrasts.csv", "contrast_id", analyses)
    drawn = _whole(protocol / "figure_blocks.csv", "figure_id", analyses)
    figures = {
        row["figure_id"]
        for row in _rows(protocol / "figures.csv")
        if row["figure_id"] in drawn and row["contrast_id"] in contrasts | {""}
    }
    copied = {
        "analyses": ("analysis_id", analyses, ("analysis_id", "condition"), "label"),
        "contrasts": ("contrast_id", contrasts, ("contrast_id", "analysis_id"), "contrast_label"),
        "figures": ("figure_id", figures, ("figure_id", "contrast_id"), "title"),
        "figure_blocks": ("figure_id", figures, ("figure_id", "analysis_id"), "block_label"),
    }
    unpublished = {"claim_id": "", "count_id": "", "published_figure": ""}
    for sheet, (key, chosen, codes, label) in copied.items():
        _append_copies(
            protocol / f"{sheet}.csv",
            lambda row, copy, codes=codes, label=label: (
                row
                | {code: _code(row[code], copy) for code in codes}
                | {label: _label(row[label], copy)}
                | {name: none for name, none in unpublished.items() if name in row}
            ),
            copies,
            lambda row, key=key, chosen=chosen: row[key] in chosen,
        )


def _whole(path: Path, key: str, analyses: set[str]) -> set[str]:
    """The keys of a sheet all of whose rows name one of the analyses."""
    rows = _rows(path)
    return {row[key] for row in rows} - {
        row[key] for row in rows if row["analysis_id"] not in analyses
    }


def _append_copies(
    path: Path,
    copied: Callable[[Row, int], Row],
    copies: Iterable[int],
    is_chosen: Callable[[Row], bool] = lambda row: True,
) -> None:
    rows = _rows(path)
    if not rows:
        return
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        for copy in copies:
            writer.writerows(copied(row, copy) for row in rows if is_chosen(row))


def _rows(path: Path) -> list[Row]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _identifier(name: str, copy: int) -> str:
    """Another name with the same year; in letters, so that its first author is another one, too."""
    first, second = divmod(copy, 26)
    return f"{chr(ord('A') + first)}{chr(ord('a') + second)}{name}" if name else name


def _code(code: str, copy: int) -> str:
    return f"{code}_{copy + 1}" if code else code


def _label(label: str, copy: int) -> str:
    return f"{label} {copy + 1}" if label else label


def _moved(row: Row, copy: int) -> Row:
    """The row of an effect with its numbers moved by at most 0.05, alike in every sheet."""
    start = int.from_bytes(blake2b(row["effect_id"].encode(), digest_size=4).digest())
    # 617 and 1,001 have no factor in common: no two copies of an effect are moved alike.
    shift = (start + 617 * copy) % 1001 / 10_000 - 0.05
    if row.get("field") in MOVED:
        columns = ADJUDICATED
    else:
        columns = tuple(column for column in MOVED if column in row)
    return row | {column: _plus(row[column], shift) for column in columns}


def _plus(text: str, shift: float) -> str:
    return f"{float(text) + shift:.4f}" if text else text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", type=int, required=True, help="times the shipped review")
    parser.add_argument("--out", type=Path, required=True, help="a folder that does not exist yet")
    parser.add_argument("--spread", action="store_true", help="new conditions for every copy")
    arguments = parser.parse_args()
    make_review(arguments.out, arguments.size, is_spread=arguments.spread)


if __name__ == "__main__":
    main()
