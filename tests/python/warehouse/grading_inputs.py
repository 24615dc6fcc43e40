"""Inputs of a grading from study rows, by functions of the engine, as metaumbrella defines them."""

from __future__ import annotations

import csv
import json

from tests.python.conftest import ROOT

DATA = ROOT / "tests/data/grading"
EXPECTED = json.loads((DATA / "metaumbrella.json").read_text(encoding="utf-8"))
SETS = list(EXPECTED)
CONTINUOUS = ("df.SMD", "df.MD", "df.R")
"""df.R has no margins: it is never graded by GRADE."""


def load_studies(connection, dataset: str) -> None:
    """Make the table `studies` of one data set, with a row number as unique key."""
    with (DATA / f"{dataset}_studies.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    number = {"NA": None, "": None}
    connection.execute(
        "create or replace temp table studies (id int, factor text, yi double, se double, "
        "ci_low double, ci_high double, n1 double, n2 double, n double)"
    )
    columns = ("value", "se", "ci_lo", "ci_up", "n_cases", "n_controls", "n_sample")
    connection.executemany(
        f"insert into studies values ({', '.join('?' * 9)})",
        [
            [i, row["factor"], *(number.get(row[name], row[name]) for name in columns)]
            for i, row in enumerate(rows)
        ],
    )


POOLED = """
    with tested as (
    select
        factor,
        pool(
            list(yi order by id), list(se ** 2 order by id),
            {'tau2_method': 'REML', 'ci_method': 'z', 'pi_method': 'V'}
        ) as fit,
        egger_test(list(yi order by id), list(se ** 2 order by id)) as egger,
        excess_significance(
            list(yi order by id), list(se ** 2 order by id), {'tau2_method': 'REML'}
        ) as excess,
        arg_max(ci_low, (n, -abs(yi))) as largest_low,
        arg_max(ci_high, (n, -abs(yi))) as largest_high,
        sum(n1) as n_cases,
        sum(n2) as n_controls,
        sum(n) as n_participants,
        count(*) as k
    from studies
    group by factor
    ), z as (
    select *,
        ((excess.observed - excess.expected_directed) / k - 0.05) / sqrt(0.05 * 0.95 / k) as tess,
        (excess.observed - excess.expected_directed)
        / sqrt(excess.expected_directed * (k - excess.expected_directed) / k) as psst
    from tested
    )
    select *, least(
        if(tess > 0, p_from_z(tess) / 2, 1 - p_from_z(tess) / 2),
        if(psst > 0, p_from_z(psst) / 2, 1 - p_from_z(psst) / 2)
    ) as tess_psst_either_side
    from z
"""


def fits(connection) -> dict[str, dict]:
    """Results of the engine for each factor of `studies`."""
    cursor = connection.execute(POOLED)
    names = [column[0] for column in cursor.description]
    return {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}


def contradicting(connection) -> dict[str, float]:
    """Percent of the studies of each factor that lie wholly on the other side of the null."""
    pooled = {factor: fit["fit"]["estimate"] for factor, fit in fits(connection).items()}
    return {
        factor: 100
        * connection.execute(
            "select avg(if(? > 0, ci_high < 0, ci_low > 0)::int) from studies where factor = ?",
            [estimate, factor],
        ).fetchone()[0]
        for factor, estimate in pooled.items()
    }


def inputs_of_peer(expected: dict) -> dict[str, float | None]:
    """The inputs that metaumbrella itself computed, by the names of the schemes."""
    result, n = expected["ma_results"], expected["n"]
    return {
        "estimate": result["value"],
        "p_value": result["p.value"],
        "ci_low": result["ci_lo"],
        "ci_high": result["ci_up"],
        "pi_low": result["pi_lo"],
        "pi_high": result["pi_up"],
        "i2": expected["heterogeneity"]["i2"],
        "egger_p": expected["egger"]["p.value"],
        "excess_p_tess_psst": expected["esb"]["p.value"],
        "largest_low": expected["largest"]["ci_lo"],
        "largest_high": expected["largest"]["ci_up"],
        "n_cases": n["cases"],
        "n_controls": n["controls"],
        "n_participants": n["total_n"],
        "k": n["studies"],
        "contradicting_share": 100 * expected["perc_contradict"],
        "low_rob_share": expected["overall_rob"],
        "low_reporting_bias_share": expected["report_rob"],
        "indirectness": None,
    }


def inputs_of_engine(fit: dict, contradicting_share: float, expected: dict) -> dict:
    """The same inputs from the engine; shares of risk of bias come from metaumbrella."""
    pooled = fit["fit"]
    return inputs_of_peer(expected) | {
        "estimate": pooled["estimate"],
        "p_value": pooled["p_value"],
        "ci_low": pooled["ci_low"],
        "ci_high": pooled["ci_high"],
        "pi_low": pooled["pi_low"],
        "pi_high": pooled["pi_high"],
        "i2": pooled["i2_q"],
        "egger_p": fit["egger"]["p_value"],
        "excess_p_tess_psst": fit["tess_psst_either_side"],
        "largest_low": fit["largest_low"],
        "largest_high": fit["largest_high"],
        "n_cases": fit["n_cases"],
        "n_controls": fit["n_controls"],
        "n_participants": fit["n_participants"],
        "k": fit["k"],
        "contradicting_share": contradicting_share,
    }


def long_inputs(given: dict, margin: float, large: float) -> dict[str, float | None]:
    """What the criteria look at, from limits, counts and tests."""
    sign = 1 if given["estimate"] > 0 else -1
    largest = sign * given["largest_low" if sign > 0 else "largest_high"]
    arms = (given["n_cases"], given["n_controls"])
    scaled = {
        f"{limit}_{unit}": None if given[limit] is None else given[limit] / size
        for limit in ("ci_low", "ci_high", "pi_low", "pi_high")
        for unit, size in (("margins", margin), ("large", large))
    }
    kept = (
        "p_value", "i2", "egger_p", "excess_p_tess_psst", "n_cases", "n_participants", "k",
        "contradicting_share", "low_rob_share", "low_reporting_bias_share", "indirectness",
    )  # fmt: skip
    return (
        {name: given[name] for name in kept}
        | scaled
        | {
            "n_smaller_arm": None if None in arms else min(arms),
            "pi_distance": None
            if given["pi_low"] is None
            else max(given["pi_low"], -given["pi_high"]),
            "largest_distance": largest,
        }
    )


def grades(connection, results: dict[str, dict], outcome_kind: str) -> dict[tuple[str, str], str]:
    """Grades by factor and scheme: through the table macro, from a table of inputs."""
    margin, large = connection.execute(
        "select equivalence_margin, large_effect from staging.stg_protocol__grading_margins "
        "where outcome_kind = ?",
        [outcome_kind],
    ).fetchone()
    connection.execute(
        "create or replace temp table given (graded_id text, outcome_kind text, input text, "
        "value double, bound text)"
    )
    rows = [
        [factor, outcome_kind, name, value, "exact"]
        for factor, given in results.items()
        for name, value in long_inputs(given, margin, large).items()
    ]
    connection.executemany("insert into given values (?, ?, ?, ?, ?)", rows)
    found = connection.execute("select graded_id, scheme, grade from evidence_grades('given')")
    return {(factor, scheme): grade for factor, scheme, grade in found.fetchall()}
