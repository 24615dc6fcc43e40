"""Which tables and columns of schema `reports` the charts need, and in which order they export."""

from dataclasses import dataclass

SCHEMA = "reports"


@dataclass(frozen=True)
class Table:
    """A table that charts read: what for, its columns, and the columns that order its rows."""

    name: str
    needed_by: str
    columns: tuple[str, ...]
    order: tuple[str, ...]


FIGURES = Table(
    "rpt_figures",
    "every figure",
    (
        "figure_id",
        "sort_order",
        "figure_kind",
        "title",
        "subtitle",
        "caption",
        "published_figure",
        "measure",
        "is_log_scale",
    ),
    ("sort_order", "figure_id"),
)
FOREST = Table(
    "rpt_forest",
    "the forest figures",
    (
        "figure_id",
        "row_order",
        "block_id",
        "block_label",
        "row_kind",
        "label",
        "meta_analysis_id",
        "effect_id",
        "year",
        "n_trials",
        "n_participants",
        "estimate",
        "ci_low",
        "ci_high",
        "weight_percent",
        "pi_low",
        "pi_high",
        "k",
        "q",
        "q_df",
        "q_p",
        "i2_percent",
        "tau2",
        "policy_id",
        "status",
        "source_locator",
        "is_flagged",
        "note",
    ),
    ("figure_id", "row_order"),
)
HEADLINE = Table(
    "rpt_headline",
    "the headline figure",
    (
        "condition_id",
        "condition_label",
        "analysis_id",
        "sort_order",
        "source",
        "k",
        "estimate",
        "ci_low",
        "ci_high",
        "pi_low",
        "pi_high",
        "p_value",
        "p_printed",
        "cohen_band",
        "status",
        "note",
    ),
    ("sort_order", "condition_id", "source"),
)
STUDY_FLOW = Table(
    "rpt_study_flow",
    "the flow figure",
    (
        "stage_order",
        "stage_id",
        "source",
        "label",
        "n",
        "n_excluded",
        "excluded_label",
        "is_derived",
    ),
    ("source", "stage_order", "stage_id"),
)
STUDY_FLOW_REASONS = Table(
    "rpt_study_flow_reasons",
    "the flow figure",
    ("stage_id", "source", "reason_label", "n"),
    ("source", "stage_id", "reason_label"),
)
DROPOUT = Table(
    "rpt_dropout",
    "the dropout figures",
    (
        "analysis_id",
        "label",
        "sort_order",
        "group_label",
        "outcome",
        "k",
        "events",
        "total",
        "crude_percent",
        "crude_low",
        "crude_high",
        "pooled_percent",
        "pooled_low",
        "pooled_high",
        "pi_low",
        "pi_high",
        "published_percent",
        "published_range_low",
        "published_range_high",
        "published_conflict",
        "range_low",
        "range_high",
        "status",
        "note",
    ),
    ("sort_order", "analysis_id"),
)
CLAIM_AUDIT = Table(
    "rpt_claim_audit",
    "the claim audit",
    (
        "claim_id",
        "section",
        "sort_order",
        "statement",
        "measure",
        "published_estimate",
        "published_low",
        "published_high",
        "published_p",
        "published_k",
        "recomputed_estimate",
        "recomputed_low",
        "recomputed_high",
        "recomputed_k",
        "difference",
        "n_checks",
        "n_failed",
        "verdict",
        "failed_checks",
        "note",
    ),
    ("sort_order", "claim_id"),
)

TABLES = (FIGURES, FOREST, HEADLINE, STUDY_FLOW, STUDY_FLOW_REASONS, DROPOUT, CLAIM_AUDIT)
ORDER = {table.name: table.order for table in TABLES}
KINDS = {
    "audit": (CLAIM_AUDIT,),
    "dropout": (DROPOUT,),
    "flow": (STUDY_FLOW, STUDY_FLOW_REASONS),
    "forest": (FOREST,),
    "headline": (HEADLINE,),
}
REVIEW_COLUMNS = (
    "title",
    "question",
    "search_date",
    "registration",
    "citation",
    "doi",
    "data_note",
)
