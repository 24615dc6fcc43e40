"""One module and one function per kind of figure."""

from collections.abc import Callable

from reports.charts.agreement import agreement
from reports.charts.audit import audit
from reports.charts.dropout import dropout
from reports.charts.evidence_map import evidence_map
from reports.charts.flow import flow
from reports.charts.forest import forest
from reports.charts.funnel import funnel
from reports.charts.grade_criteria import grade_criteria
from reports.charts.grades import grades
from reports.charts.headline import headline
from reports.charts.leave_one_out import leave_one_out
from reports.charts.multiverse import multiverse
from reports.charts.overlap import overlap
from reports.charts.quality import quality
from reports.figure import Figure, Panel, Tables

CHARTS: dict[str, Callable[[Figure, Tables], tuple[Panel, ...]]] = {
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

__all__ = [
    "CHARTS",
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
