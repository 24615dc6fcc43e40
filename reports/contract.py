"""What a warehouse must hold for this code, and in which order its rows are read.

Columns and types are declared once, in the property files of the models, where dbt enforces them;
`declared_tables` reads the same files. A warehouse is used only when it has every table of the
marts and the reports with every declared column in its type: one that another version built is
refused at the start, with all that it lacks. So Python need not list what it reads. That it reads
nothing else is shown by the tests, which draw the site from tables made of these files alone.

What Python alone knows is the order of rows in what it reads, exports and queries: `ROW_ORDER`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from umbrella.project import project_dir, read_properties

SCHEMA = "reports"
MARTS = "main"
FOLDERS = {"marts": MARTS, "reports": SCHEMA}
"""Folders of the published models with the schemas they are built in."""
ROW_ORDER = {
    "dim_finding_rules": ("sort_order", "rule"),
    "dim_grading_schemes": ("sort_order", "scheme"),
    "dim_policies": ("sort_order", "policy_id"),
    "dim_selection_rules": ("sort_order", "selection_rule"),
    "dim_sheets": ("folder", "sheet"),
    "dim_unread_meta_analyses": ("meta_analysis_id",),
    "dim_versions": ("component",),
    "fct_corrections": ("sheet_row",),
    "fct_extraction_differences": ("sheet", "row_id", "field"),
    "fct_findings": ("finding_id",),
    "fct_pooled_effects": ("analysis_id", "policy_id"),
    "fct_rejected_rows": ("sheet", "row_number", "column_name", "fault_id"),
    "fct_related_meta_analyses": ("meta_analysis_id", "related_id"),
    "rpt_acceptability": ("row_order",),
    "rpt_agreement": ("sheet", "sort_order"),
    "rpt_claim_audit": ("sort_order", "claim_id"),
    "rpt_conclusion_tests": ("conclusion_id", "test_order"),
    "rpt_conclusion_verdicts": ("sort_order", "verdict"),
    "rpt_conclusions": ("sort_order", "analysis_id"),
    "rpt_bubbles": ("figure_id", "row_order"),
    "rpt_cumulative": ("figure_id", "row_order"),
    "rpt_dropout": ("sort_order", "analysis_id"),
    "rpt_effect_classes": ("scheme_order", "row_order"),
    "rpt_evidence_map": ("sort_order", "headline_id", "comparator_order", "guidance_order"),
    "rpt_explorer": ("analysis_kind", "choice_order"),
    "rpt_explorer_analyses": ("sort_order", "analysis_id"),
    "rpt_explorer_kinds": ("kind_order",),
    "rpt_explorer_options": ("analysis_kind", "filter_order", "code_label", "code"),
    "rpt_explorer_pools": ("analysis_id", "policy_id"),
    "rpt_figures": ("sort_order", "figure_id"),
    "rpt_figures_not_drawn": ("sort_order", "figure_id"),
    "rpt_answers": ("sort_order", "analysis_id"),
    "rpt_findings": ("row_order",),
    "rpt_findings_notes": ("row_order",),
    "rpt_absolute_effects": ("analysis_id", "row_order"),
    "rpt_forest": ("figure_id", "row_order"),
    "rpt_fragility": ("analysis_id", "row_order"),
    "rpt_funnel": ("figure_id", "point_order"),
    "rpt_funnel_summary": ("figure_id",),
    "rpt_grade_criteria": ("figure_id", "scheme_order", "scheme", "criterion_order"),
    "rpt_grades": ("sort_order", "analysis_id", "policy_id", "scheme_order", "scheme"),
    "rpt_headline": ("sort_order", "analysis_id", "source"),
    "rpt_largest": ("condition", "analysis_id"),
    "rpt_influence": ("figure_id", "row_order"),
    "rpt_leave_one_out": ("figure_id", "row_order"),
    "rpt_members": ("analysis_id", "row_order"),
    "rpt_months": ("figure_id", "row_order"),
    "rpt_multiverse": ("figure_id", "position"),
    "rpt_multiverse_options": ("choice", "sort_order"),
    "rpt_overlap": ("row_order", "column_order"),
    "rpt_overlap_analyses": ("row_order",),
    "rpt_overlap_summary": ("n_meta_analyses",),
    "rpt_prior": ("sort_order", "item"),
    "rpt_published_conclusions": ("sort_order", "conclusion_id"),
    "rpt_quality_items": ("tool", "meta_analysis_order", "item"),
    "rpt_quality_shares": ("tool", "group_order", "group_id", "rating_order"),
    "rpt_rate_pairs": ("figure_id", "row_order"),
    "rpt_regressions": ("figure_id", "row_order"),
    "rpt_replication_rules": ("rule_order", "rule_id"),
    "rpt_replication_verdicts": ("sort_order", "verdict"),
    "rpt_reported_certainty": ("row_order",),
    "rpt_selection": ("row_order",),
    "rpt_sentences": (
        "review_kind",
        "quantity",
        "polarity",
        "scale",
        "members",
        "side",
        "certainty",
    ),
    "rpt_study_flow": ("source", "stage_order", "stage_id"),
    "rpt_study_flow_reasons": ("source", "stage_id", "reason_label"),
    "rpt_trial_pools": ("label", "meta_analysis_id", "trial_set_id"),
    "rpt_sheet_readings": ("sheet", "column_name", "how"),
    "rpt_unresolved_differences": ("sheet", "row_id", "field"),
}
"""Columns that order the rows of a table; all of its columns do so for any other table."""


@dataclass(frozen=True)
class Table:
    """A published table as its model declares it: the type of each column, in order."""

    schema: str
    name: str
    columns: Mapping[str, str]

    @property
    def full_name(self) -> str:
        """The name with its schema."""
        return f"{self.schema}.{self.name}"


@cache
def declared_tables() -> Mapping[str, Table]:
    """Every published table by name: those whose contract dbt enforces."""
    found = {}
    for folder, schema in FOLDERS.items():
        for file in sorted((project_dir() / "models" / folder).rglob("*.yml")):
            for model in read_properties(file).get("models", []):
                if "contract" not in model.get("config", {}):
                    continue
                columns = {column["name"]: column["data_type"] for column in model["columns"]}
                found[model["name"]] = Table(schema, model["name"], columns)
    return found


def lacking(found: Mapping[tuple[str, str], Mapping[str, str]]) -> Iterator[str]:
    """Every declared table and column that is not among `found`, or has another type there.

    found  types by column, by schema and table
    """
    for table in declared_tables().values():
        present = found.get((table.schema, table.name))
        if present is None:
            yield f"table {table.full_name}"
            continue
        for column, data_type in table.columns.items():
            if column not in present:
                yield f"column {table.full_name}.{column}"
            elif present[column] != data_type:
                yield f"column {table.full_name}.{column} as {data_type}: it is {present[column]}"
