"""One module and one function per kind of figure."""

from collections.abc import Callable
from functools import partial

from reports.charts.agreement import PHONE as AGREEMENT_PHONE
from reports.charts.agreement import agreement
from reports.charts.audit import PHONE as AUDIT_PHONE
from reports.charts.audit import audit
from reports.charts.dropout import dropout
from reports.charts.evidence_map import PHONE as MAP_PHONE
from reports.charts.evidence_map import evidence_map
from reports.charts.flow import flow
from reports.charts.forest import forest
from reports.charts.funnel import funnel
from reports.charts.grade_criteria import PHONE as CRITERIA_PHONE
from reports.charts.grade_criteria import grade_criteria
from reports.charts.grades import PHONE as GRADES_PHONE
from reports.charts.grades import grades
from reports.charts.headline import headline
from reports.charts.leave_one_out import leave_one_out
from reports.charts.multiverse import multiverse
from reports.charts.overlap import overlap
from reports.charts.quality import PHONE as QUALITY_PHONE
from reports.charts.quality import quality
from reports.charts.table import lay_out_narrow
from reports.figure import Figure, Panel, Tables

Draw = Callable[[Figure, Tables], tuple[Panel, ...]]

CHARTS: dict[str, Draw] = {
    "agreement": agreement,
    "audit": audit,
    "dropout": dropout,
    "evidence_map": evidence_map,
    "flow": flow,
    "forest": forest,
    "funnel": funnel,
    "grade_criteria": grade_criteria,
    "grades": grades,
    "headline": headline,
    "leave_one_out": leave_one_out,
    "multiverse": multiverse,
    "overlap": overlap,
    "quality": quality,
}

# The same figures for a narrow screen; the other kinds scroll there.
PHONE_CHARTS: dict[str, Draw] = {
    "agreement": partial(agreement, form=AGREEMENT_PHONE),
    "audit": partial(audit, layout=AUDIT_PHONE),
    "dropout": partial(dropout, lay_out=lay_out_narrow),
    "evidence_map": partial(evidence_map, layout=MAP_PHONE),
    "forest": partial(forest, lay_out=lay_out_narrow),
    "grade_criteria": partial(grade_criteria, layout=CRITERIA_PHONE),
    "grades": partial(grades, layout=GRADES_PHONE),
    "headline": partial(headline, lay_out=lay_out_narrow),
    "leave_one_out": partial(leave_one_out, lay_out=lay_out_narrow),
    "quality": partial(quality, layout=QUALITY_PHONE),
}

__all__ = [
    "CHARTS",
    "PHONE_CHARTS",
    "agreement",
    "audit",
    "dropout",
    "evidence_map",
    "flow",
    "forest",
    "funnel",
    "grade_criteria",
    "grades",
    "headline",
    "leave_one_out",
    "multiverse",
    "overlap",
    "quality",
]
