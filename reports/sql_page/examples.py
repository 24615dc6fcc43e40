"""The questions that the SQL page offers as buttons; each query means the same in DuckDB."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import dedent

import duckdb

from reports.sql_page.catalogue import Table

SUBJECT = "{analysis_id}"
"""Stands in a query for the analysis that serves as the example."""


@dataclass(frozen=True)
class Example:
    """A question, the query that answers it, and the tables that the query reads."""

    question: str
    tables: tuple[str, ...]
    query: str


EXAMPLES = (
    Example(
        "What is the effect, and what would a new [[member]] see?",
        ("fct_pooled_effects", "dim_analyses"),
        """\
        select analysis_label, k,
            display_ci(
                coalesce(ratio, estimate), coalesce(ratio_ci_low, ci_low),
                coalesce(ratio_ci_high, ci_high)
            ) as result,
            display_ci(
                coalesce(ratio, estimate), coalesce(ratio_pi_low, pi_low),
                coalesce(ratio_pi_high, pi_high)
            ) as prediction, round(i2_q) as i2
        from fct_pooled_effects
        where policy_id = 'recommended' and k > 2
            and analysis_id in (select analysis_id from dim_analyses where is_headline)
        order by k desc, analysis_id;
        """,
    ),
    Example(
        "Where does this number come from?",
        ("fct_analysis_members", "fct_effects"),
        """\
        select members.effect_id, display_ci(members.yi, members.ci_low, members.ci_high) as smd,
            round(100 * weight, 1) as weight, conversion_path, source_locator
        from fct_analysis_members as members
        inner join fct_effects as effects using (effect_id)
        where analysis_id = '{analysis_id}' and policy_id = 'recommended' and is_member
        order by members.weight desc, members.effect_id;
        """,
    ),
    Example(
        "Does it hold under other choices?",
        ("fct_pooled_effects", "dim_policies"),
        """\
        select pooled.policy_id, k, display_ci(estimate, ci_low, ci_high) as smd,
            round(p_value, 3) as p, favours, policies.tau2_method, policies.ci_method
        from fct_pooled_effects as pooled
        inner join dim_policies as policies using (policy_id)
        where analysis_id = '{analysis_id}'
        order by policy_id;
        """,
    ),
    Example(
        "Which choice matters most?",
        ("fct_multiverse_summary", "dim_analyses"),
        """\
        select analysis_label, n_specifications, round(estimate_min, 2) as lowest,
            round(estimate_median, 2) as middle, round(estimate_max, 2) as highest,
            n_results, n_results_above, strongest_choice
        from fct_multiverse_summary
        where status = 'ok'
            and analysis_id in (select analysis_id from dim_analyses where is_headline)
        order by analysis_id;
        """,
    ),
    Example(
        "What would change the grade?",
        ("fct_grade_sensitivity",),
        """\
        select scheme, declared_grade, grade, variation,
            coalesce(criterion, dropped_domain) as what, declared_threshold, new_threshold
        from fct_grade_sensitivity
        where graded_id = '{analysis_id}:recommended' and is_changed
        order by scheme, grades_gained desc, what, new_threshold;
        """,
    ),
    Example(
        "Which [[members]] overlap?",
        ("fct_overlap_pairs",),
        """\
        select meta_analysis_id_a, meta_analysis_id_b, n_a, n_b, n_shared,
            round(cca, 1) as percent_covered, band
        from fct_overlap_pairs
        where alias_handling = 'decided' and status = 'ok' and n_shared > 0
        order by cca desc, pair_id;
        """,
    ),
    Example(
        "Which published numbers do not add up?",
        ("fct_claim_checks",),
        """\
        select rule, subject_id, printed_value, implied_low, implied_high, explanation
        from fct_claim_checks
        where verdict = 'conflict'
        order by rule, check_id;
        """,
    ),
    Example(
        "How many people drop out?",
        ("fct_pooled_rates",),
        """\
        select analysis_label, k, events, total, round(crude_rate, 1) as crude_rate,
            display_ci(pooled_rate, ci_low_rate, ci_high_rate) as pooled_rate, status
        from fct_pooled_rates
        where policy_id = 'recommended' and analysis_group = 'dropout' and k_reported > 0
        order by k desc, analysis_id;
        """,
    ),
    Example(
        "Which rows were rejected or not pooled, and why?",
        ("fct_row_dispositions",),
        """\
        select sheet, disposition, reason, count(*) as n
        from fct_row_dispositions
        where disposition <> 'used'
        group by sheet, disposition, reason
        order by disposition desc, n desc, sheet, reason;
        """,
    ),
)


def offered(con: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> tuple[Example, ...]:
    """The examples whose tables are on the page, about an analysis that this warehouse has."""
    on_page = {table.reference for table in tables if table.is_on_page}
    subject = example_analysis(con) if "fct_pooled_effects" in on_page else None
    return tuple(
        Example(example.question, example.tables, query_about(example, subject or ""))
        for example in EXAMPLES
        if on_page.issuperset(example.tables) and (subject or SUBJECT not in example.query)
    )


def query_about(example: Example, analysis_id: str) -> str:
    """The query of an example about this analysis."""
    return dedent(example.query).strip().replace(SUBJECT, analysis_id.replace("'", "''"))


def example_analysis(con: duckdb.DuckDBPyConnection) -> str | None:
    """The analysis of most members, a headline before a subgroup; None when nothing is pooled."""
    found = con.execute(
        "select analysis_id from main.fct_pooled_effects as pooled "
        "inner join main.dim_analyses as analyses using (analysis_id) "
        "where policy_id = 'recommended' "
        "order by is_headline desc, k desc, analysis_id limit 1"
    ).fetchone()
    return found[0] if found else None
