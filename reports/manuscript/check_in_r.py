"""The members of every pooled result, for the script that pools them again in R."""

import csv
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from reports.exports import WarehouseTables
from reports.figure import Row

SCRIPT = "recompute.R"

# Rates are shown in percent or per person-time; their limits go back to the scale they were pooled
# on.
RESULTS = """
    with results as (
        select
            analysis_id, policy_id, analysis_label as label, status, tau2_method, ci_method,
            pi_method, ci_level, k, estimate, se, ci_low, ci_high, tau2, pi_low, pi_high
        from fct_pooled_effects
        union all by name
        select
            analysis_id, policy_id, analysis_label as label, status, tau2_method, ci_method,
            pi_method, ci_level, k, estimate, se, tau2,
            ln(ci_low_rate / if(shown_as = 'exp', 1, 100 - ci_low_rate)) as ci_low,
            ln(ci_high_rate / if(shown_as = 'exp', 1, 100 - ci_high_rate)) as ci_high,
            ln(pi_low_rate / if(shown_as = 'exp', 1, 100 - pi_low_rate)) as pi_low,
            ln(pi_high_rate / if(shown_as = 'exp', 1, 100 - pi_high_rate)) as pi_high
        from fct_pooled_rates
    )
    select
        results.*,
        coalesce(inputs.other_correlation, 0) as other_correlation,
        coalesce(inputs.shrinkage, 0) as shrinkage
    from results
    inner join intermediate.int_pool_inputs as inputs using (analysis_id, policy_id)
    where status != 'no_data'
    order by analysis_id, policy_id
"""
MEMBERS = """
    select analysis_id, policy_id, effect_id, meta_analysis_id as member_id, yi, vi
    from fct_analysis_members
    where is_member
    order by analysis_id, policy_id, effect_id
"""
CORRELATIONS = """
    with pairs as (
        select analysis_id, policy_id, effect_ids, unnest(correlations) as pair
        from intermediate.int_pool_inputs
    )
    select
        analysis_id, policy_id, effect_ids[pair[1]::int] as effect_id,
        effect_ids[pair[2]::int] as other_effect_id, pair[3] as correlation
    from pairs
    order by analysis_id, policy_id, pair[1], pair[2]
"""
FILES = {"results.csv": RESULTS, "members.csv": MEMBERS, "correlations.csv": CORRELATIONS}


def write_check(tables: WarehouseTables, folder: Path) -> list[Path]:
    """Write the script and what it reads; returns the files."""
    for name, query in FILES.items():
        found = tables.con.execute(query)
        _write(folder / name, [column[0] for column in found.description], found.fetchall())
    shutil.copyfile(Path(__file__).with_name(SCRIPT), folder / SCRIPT)
    return [folder / name for name in (SCRIPT, *FILES)]


def _write(path: Path, header: Sequence[str], rows: Iterable[Row]) -> None:
    """Write a CSV file; numbers with all their digits."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
