"""Compare functions in SQL with R on generated data, which no golden file holds.

    python validation/compare_generated.py [--sets 10] [--seed 20240601] [--tolerance 1e-8]

Five kinds of data sets (few studies, many, heterogeneous, homogeneous, variances over four orders
of magnitude), ``--sets`` of each, go through SQL and to ``fit_generated.R``. Printed is the largest
difference per quantity. p-uniform* is compared by its likelihood: a search in R may stop early or
at a lower maximum, so ours must not be lower. Exit code 0 when all lie within it, else 1.

Differences are relative to R's value or, for effects and limits, to R's standard error where that
is larger; statistics are relative to 1 at least.
"""

import argparse
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from python_udfs.connect import connect

FIT_GENERATED = Path(__file__).with_name("fit_generated.R")
KINDS = ("few", "many", "heterogeneous", "homogeneous", "uneven")
LISTS = ("yi", "vi", "n1", "n2", "ai", "ci")
INTERVALS = ("HK", "HK_adhoc", "HK_ci", "HK_iqwig6", "KR", "KR_meta", "PL")
PREDICTIONS = ("HTS", "V", "HK", "KR", "KR_meta")


def generate(kind: str, rng) -> dict:
    """Effects with variances and arm sizes, and two-by-two tables of as many studies."""
    k = int(
        rng.integers(3, 6) if kind == "few" else rng.integers(60, 100) if kind == "many" else 12
    )
    tau = {"heterogeneous": 1.0, "homogeneous": 0.0}.get(kind, 0.3)
    n1, n2 = rng.integers(10, 200, k), rng.integers(10, 200, k)
    vi = 1 / n1 + 1 / n2 if kind != "uneven" else 10.0 ** rng.uniform(-3, 1, k)
    yi = rng.normal(0.3, np.sqrt(vi + tau**2))
    risk = 1 / (1 + np.exp(-rng.normal(-1, 0.5, k)))
    odds = risk / (1 - risk) * np.exp(rng.normal(-0.3, tau, k))
    data = {"kind": kind, "yi": yi, "vi": vi, "n1": n1, "n2": n2}
    data |= {"ai": rng.binomial(n1, odds / (1 + odds)), "ci": rng.binomial(n2, risk)}
    return {name: v.tolist() if isinstance(v, np.ndarray) else v for name, v in data.items()}


def through_sql(con, data: dict) -> dict:
    """The same quantities as ``fit_generated.R``, each by one call in SQL."""

    def call(function, lists, options):
        arguments = ", ".join(f"{data[name]}::double[]" for name in lists)
        return con.execute(f"select {function}({arguments}, {options})").fetchone()[0]

    pair, table, found = ("yi", "vi"), ("ai", "n1", "ci", "n2"), {}
    for name in INTERVALS:
        method = "ML" if name == "PL" else "REML"
        row = call("pool", pair, f"{{'tau2_method': '{method}', 'ci_method': '{name}'}}")
        found |= {f"{name}_low": row["ci_low"], f"{name}_high": row["ci_high"]}
    for name in PREDICTIONS:
        row = call("pool", pair, f"{{'pi_method': '{name}'}}")
        found |= {f"pi_{name}_low": row["pi_low"], f"pi_{name}_high": row["pi_high"]}
    row = call("egger_test_smd", ("yi", "vi", "n1", "n2"), "{'form': 'lm'}")
    found |= {"smd_bias": row["bias"], "smd_statistic": row["statistic"], "smd_p": row["p_value"]}
    row = call("limit_meta_analysis", pair, "{'tau2_method': 'DL', 'adjustment': 'beta0'}")
    found |= {"limit_estimate": row["estimate"], "limit_se": row["se"]}
    found |= {"limit_low": row["ci_low"], "limit_high": row["ci_high"]}
    for test in ("harbord", "peters"):
        row = call(f"{test}_test", table, "{'ci_level': 0.95}")
        found |= {f"{test}_bias": row["bias"], f"{test}_statistic": row["statistic"]}
        found[f"{test}_p"] = row["p_value"]
    row = call("p_uniform_star", pair, "{'alpha': 0.05}")
    found |= {"puniform_height": row["log_likelihood"], "puniform_status": row["status"]}
    return found


def difference(name: str, ours, theirs, se: float) -> float:
    """Relative difference, as the module says; infinite where only R has a value."""
    if ours is None:
        return math.inf
    yardstick = se if name.endswith(("_low", "_high", "_estimate")) else 1.0
    if name.endswith(("_p", "_se")):
        yardstick = 1e-300
    return abs(ours - theirs) / max(abs(theirs), yardstick)


def shortfall(ours: dict, theirs: dict) -> float:
    """By how much our likelihood is lower; where it has no maximum, R's search must run away."""
    if ours["puniform_status"] == "not_identified":
        return 0.0 if theirs["puniform_away"] else math.inf
    if ours["puniform_height"] is None:
        return math.inf
    return max(0.0, theirs["puniform_height"] - ours["puniform_height"])


def compare(sets: list[dict], ours: list[dict], theirs: list[dict]) -> dict[str, list]:
    """Quantity to (difference, kind) of every comparison."""
    found: dict[str, list] = {}
    for data, mine, fit in zip(sets, ours, theirs, strict=True):
        se = min(data["vi"]) ** 0.5
        for name, value in fit.items():
            if not name.startswith("puniform"):
                size = difference(name, mine[name], value, se)
                found.setdefault(name, []).append((size, data["kind"]))
        found.setdefault("puniform_height", []).append((shortfall(mine, fit), data["kind"]))
    return found


def fit_in_r(sets: list[dict]) -> dict:
    """What R finds for the same data: {"version": ..., "fits": [...]}."""
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder) / "data.json", Path(folder) / "fits.json"
        files[0].write_text(json.dumps(sets))
        subprocess.run(["Rscript", str(FIT_GENERATED), *map(str, files)], check=True)
        return json.loads(files[1].read_text())


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sets", type=int, default=10)
    parser.add_argument("--seed", type=int, default=20240601)
    parser.add_argument("--tolerance", type=float, default=1e-8)
    options = parser.parse_args(arguments)
    rng = np.random.default_rng(options.seed)
    sets = [generate(kind, rng) for kind in KINDS for _ in range(options.sets)]
    con = connect(":memory:")
    ours = [through_sql(con, data) for data in sets]
    result = fit_in_r(sets)
    print(f"{len(sets)} data sets against {result['version']}")
    total = 0
    for name, sizes in compare(sets, ours, result["fits"]).items():
        worst, kind = max(sizes)
        beyond = sum(not size <= options.tolerance for size, _ in sizes)
        total += beyond
        print(f"{name:<18}{len(sizes):>5}{beyond:>6}{worst:>12.2e}  {kind}")
    print(f"{total} comparisons beyond {options.tolerance:g}")
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main())
