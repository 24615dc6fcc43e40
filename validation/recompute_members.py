"""Pool the members of a warehouse by the script of the manuscript pack; keep what R says.

    python validation/recompute_members.py [umbrella.duckdb] [tests/data/manuscript/recomputed.json]

Writes the members as `umbrella export manuscript` does, runs its `recompute.R` on them, and writes
R's numbers with checksums of what they were made from. Exit code 0 when all results agree within
the tolerance of the script, 1 when not, 2 when it could not be run.
"""

import csv
import hashlib
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from reports.exports import open_tables
from reports.manuscript.check_in_r import SCRIPT, write_check

PINNED = Path(__file__).parents[1] / "tests/data/manuscript/recomputed.json"
QUANTITIES = ("estimate", "se", "ci_low", "ci_high", "tau2", "pi_low", "pi_high")
DIGITS = 10
"""Digits that count, of members that are the same and of R's numbers that are kept."""


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of the script, and of the members as far as their digits count."""
    found = {SCRIPT: hashlib.sha256((folder / SCRIPT).read_bytes()).hexdigest()}
    for name in ("members.csv", "correlations.csv"):
        with (folder / name).open(encoding="utf-8", newline="") as file:
            cells = [[_rounded(cell) for cell in row] for row in csv.reader(file)]
        found[name] = hashlib.sha256(json.dumps(cells).encode()).hexdigest()
    return found


def _rounded(cell: str) -> str:
    try:
        return f"{float(cell):.{DIGITS}g}"
    except ValueError:
        return cell


def recompute(folder: Path) -> tuple[int, dict[str, Mapping]]:
    """Run the script of a folder; its exit code, and what R says."""
    command = ["Rscript", str(folder / SCRIPT)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    print(done.stdout, done.stderr)
    with (folder / "recomputed.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    version = re.search(r"R [\d.]+, metafor [\d.]+", done.stdout)
    return done.returncode, {
        "made_from": {"version": version[0] if version else None, **checksums(folder)},
        "recomputed": {
            row["result"]: [float(_rounded(row[q])) if row[q] else None for q in QUANTITIES]
            for row in rows
            if not row["not_recomputed"]
        },
        "not_recomputed": {
            reason: [row["result"] for row in rows if row["not_recomputed"] == reason]
            for reason in sorted({row["not_recomputed"] for row in rows} - {""})
        },
    }


def main(arguments: list[str]) -> int:
    """Command line."""
    database = Path(arguments[0] if arguments else "umbrella.duckdb")
    pinned = Path(arguments[1]) if len(arguments) > 1 else PINNED
    with tempfile.TemporaryDirectory() as name:
        with open_tables(database) as tables:
            write_check(tables, Path(name))
        try:
            code, said = recompute(Path(name))
        except FileNotFoundError as error:
            print(f"Rscript is not installed, or did not end: {error}", file=sys.stderr)
            return 2
    parts = (
        f"{json.dumps(part)}: {{\n"
        + ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in values.items())
        + "\n}"
        for part, values in said.items()
    )
    pinned.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
