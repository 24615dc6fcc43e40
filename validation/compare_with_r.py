"""Compare the pooled results in a warehouse with metafor, from the same members.

    python validation/compare_with_r.py [umbrella.duckdb] [--tolerance 1e-8]

Reads the tables only (no UDF is called), gives the members of every pooled analysis to
``fit_members.R`` and prints the largest difference per quantity. Exit code 0 when all differences
lie within the tolerance, 1 when not, 2 when the comparison could not be made.

Differences are relative to metafor's value, or to the standard error (for effects and limits), its
square (for tau2) or 1 (for Q, I2 and the like) when that is larger: a relative difference means
nothing for a value that happens to be near zero. p values are compared relatively.
"""

import argparse
import csv
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

FIT_MEMBERS = Path(__file__).with_name("fit_members.R")
TOLERANCE = 1e-8

# Fewer than two members are not pooled: there is nothing to compare.
EFFECTS = """
    select * from fct_pooled_effects
    where status not in ('single_study', 'no_data')
    order by analysis_id, policy_id
"""

# Rates are stored in percent; their limits go back to the logit scale they were pooled on.
RATES = """
    select
        analysis_id,
        policy_id,
        tau2_method,
        ci_method,
        pi_method,
        ci_level,
        status,
        k,
        estimate,
        se,
        ln(ci_low_rate / if(shown_as = 'exp', 1, 100 - ci_low_rate)) as ci_low,
        ln(ci_high_rate / if(shown_as = 'exp', 1, 100 - ci_high_rate)) as ci_high,
        ln(pi_low_rate / if(shown_as = 'exp', 1, 100 - pi_low_rate)) as pi_low,
        ln(pi_high_rate / if(shown_as = 'exp', 1, 100 - pi_high_rate)) as pi_high,
        tau2,
        tau2_ci_low,
        tau2_ci_high,
        q,
        q_df,
        q_p,
        i2_q,
        i2_tau2
    from fct_pooled_rates
    where status not in ('single_study', 'no_data')
    order by analysis_id, policy_id
"""
SOURCES = {"fct_pooled_effects": EFFECTS, "fct_pooled_rates": RATES}

MEMBERS = """
    select * from fct_analysis_members
    where is_member
    order by analysis_id, policy_id, effect_id
"""

# what a difference is measured in, when that is larger than metafor's value
ON_EFFECT_SCALE = ("estimate", "se", "ci_low", "ci_high", "pi_low", "pi_high")
ON_SQUARED_SCALE = ("tau2", "tau2_ci_low", "tau2_ci_high")
WITHOUT_UNIT = ("k", "statistic", "df", "q", "q_df", "i2_q", "i2_tau2", "h2_q", "h2_tau2", "weight")
PROBABILITIES = ("p_value", "q_p")
QUANTITIES = (*ON_EFFECT_SCALE, *ON_SQUARED_SCALE, *WITHOUT_UNIT, *PROBABILITIES)

SETTINGS = ("analysis_id", "policy_id", "tau2_method", "ci_method", "pi_method", "ci_level")


def yardstick(quantity: str, se: float) -> float:
    """Smallest denominator of a difference in ``quantity``."""
    if quantity in ON_EFFECT_SCALE:
        return se
    if quantity in ON_SQUARED_SCALE:
        return se**2
    return 1.0 if quantity in WITHOUT_UNIT else 1e-300


def difference(quantity: str, ours, theirs, se: float) -> float:
    """Difference in units of the larger of metafor's value and the yardstick.

    Infinite when only one side has a value, or when ours is not finite.
    """
    if ours is None or theirs is None:
        return 0.0 if ours is None and theirs is None else math.inf
    if not math.isfinite(ours):
        return math.inf
    return abs(ours - theirs) / max(abs(theirs), yardstick(quantity, se))


def rows_of(con, query: str) -> list[dict]:
    """Result of a query as dictionaries."""
    result = con.execute(query)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def read_warehouse(path: Path) -> tuple[list[dict], list[dict]]:
    """Members and pooled results of the warehouse at ``path``."""
    with duckdb.connect(str(path), read_only=True) as con:
        names = {
            name for (name,) in con.execute("select table_name from duckdb_tables()").fetchall()
        }
        pooled = [
            row for table, query in SOURCES.items() if table in names for row in rows_of(con, query)
        ]
        return rows_of(con, MEMBERS), pooled


def write_csv(path: Path, rows: list[dict], columns: tuple[str, ...]) -> None:
    """Write columns of rows; numbers with all their digits."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([row[column] for column in columns] for row in rows)


def fit_in_r(members: list[dict], pooled: list[dict]) -> dict:
    """What metafor finds for the same members: {"version": ..., "fits": [...]}."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("members.csv", "analyses.csv", "fits.json")]
        write_csv(files[0], members, ("analysis_id", "policy_id", "effect_id", "yi", "vi"))
        write_csv(files[1], pooled, SETTINGS)
        subprocess.run(["Rscript", str(FIT_MEMBERS), *map(str, files)], check=True)
        return json.loads(files[2].read_text())


def compare(pooled: list[dict], members: list[dict], fits: list[dict]) -> dict[str, list]:
    """Quantity to (difference, analysis, policy) of every comparison made."""
    found = {quantity: [] for quantity in QUANTITIES}
    theirs = {(fit["analysis_id"], fit["policy_id"]): fit for fit in fits}
    for row in pooled:
        key = row["analysis_id"], row["policy_id"]
        fit = theirs[key]
        for quantity in QUANTITIES:
            if quantity in row:
                size = difference(quantity, row[quantity], fit[quantity], fit["se"])
                found[quantity].append((size, *key))
    for member in members:
        key = member["analysis_id"], member["policy_id"]
        if key in theirs and "weight" in member:
            weight = theirs[key]["weights"][member["effect_id"]]
            found["weight"].append((difference("weight", member["weight"], weight, 1.0), *key))
    return found


def report(found: dict[str, list], tolerance: float) -> int:
    """Print one line per quantity; the number of comparisons beyond the tolerance."""
    print(f"{'quantity':<14}{'compared':>9}{'beyond':>8}{'largest':>12}  where")
    total = 0
    for quantity, sizes in found.items():
        if sizes:
            worst = max(sizes)
            beyond = sum(size > tolerance for size, *_ in sizes)
            total += beyond
            where = f"{worst[1]} / {worst[2]}" if worst[0] > 0 else "-"
            print(f"{quantity:<14}{len(sizes):>9}{beyond:>8}{worst[0]:>12.2e}  {where}")
    return total


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("database", nargs="?", type=Path, default=Path("umbrella.duckdb"))
    parser.add_argument("--tolerance", type=float, default=TOLERANCE)
    options = parser.parse_args(arguments)
    if not options.database.is_file():
        print(f"no warehouse at {options.database}", file=sys.stderr)
        return 2
    members, pooled = read_warehouse(options.database)
    if not pooled:
        print("no pooled result to compare", file=sys.stderr)
        return 2
    try:
        result = fit_in_r(members, pooled)
    except FileNotFoundError:
        print("Rscript is not installed", file=sys.stderr)
        return 2
    except subprocess.CalledProcessError as error:
        print(f"{FIT_MEMBERS.name} failed with exit code {error.returncode}", file=sys.stderr)
        return 2
    print(f"{len(pooled)} pooled results against {result['version']}")
    beyond = report(compare(pooled, members, result["fits"]), options.tolerance)
    print(f"{beyond} comparisons beyond {options.tolerance:g}")
    return 1 if beyond else 0


if __name__ == "__main__":
    sys.exit(main())
