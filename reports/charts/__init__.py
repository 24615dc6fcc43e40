"""One module and one function per kind of figure."""

from collections.abc import Callable
from functools import partial

from reports.charts.agreement import NARROW as NARROW_AGREEMENT
from reports.charts.agreement import agreement
from reports.charts.audit import NARROW as NARROW_AUDIT
from reports.charts.audit import audit
from reports.charts.dropout import dropout
from reports.charts.evidence_map import NARROW as NARROW_MAP
from reports.charts.evidence_map import evidence_map
from reports.charts.flow import NARROW as NARROW_FLOW
from reports.charts.flow import flow
from reports.charts.forest import forest
from reports.charts.funnel import NARROW as NARROW_FUNNEL
from reports.charts.funnel import funnel
from reports.charts.grade_criteria import NARROW as NARROW_CRITERIA
from reports.charts.grade_criteria import grade_criteria
from reports.charts.grades import NARROW as NARROW_GRADES
from reports.charts.grades import grades
from reports.charts.headline import headline
from reports.charts.leave_one_out import leave_one_out
from reports.charts.multiverse import NARROW as NARROW_MULTIVERSE
from reports.charts.multiverse import multiverse
from reports.charts.overlap import overlap
from reports.charts.quality import NARROW as NARROW_QUALITY
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

# The same figures for a narrow screen; a heatmap of overlap scrolls there.
PHONE_CHARTS: dict[str, Draw] = {
    "agreement": partial(agreement, form=NARROW_AGREEMENT),
    "audit": partial(audit, layout=NARROW_AUDIT),
    "dropout": partial(dropout, lay_out=lay_out_narrow),
    "evidence_map": partial(evidence_map, layout=NARROW_MAP),
    "flow": partial(flow, layout=NARROW_FLOW),
    "forest": partial(forest, lay_out=lay_out_narrow),
    "funnel": partial(funnel, layout=NARROW_FUNNEL),
    "grade_criteria": partial(grade_criteria, layout=NARROW_CRITERIA),
    "grades": partial(grades, layout=NARROW_GRADES),
    "headline": partial(headline, lay_out=lay_out_narrow),
    "leave_one_out": partial(leave_one_out, lay_out=lay_out_narrow),
    "multiverse": partial(multiverse, layout=NARROW_MULTIVERSE),
    "quality": partial(quality, layout=NARROW_QUALITY),
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
