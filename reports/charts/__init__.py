"""One module and one function per kind of figure."""

from collections.abc import Callable

from reports.charts.audit import audit
from reports.charts.dropout import dropout
from reports.charts.flow import flow
from reports.charts.forest import forest
from reports.charts.headline import headline
from reports.figure import Figure, Panel, Tables

CHARTS: dict[str, Callable[[Figure, Tables], tuple[Panel, ...]]] = {
    "audit": audit,
    "dropout": dropout,
    "flow": flow,
    "forest": forest,
    "headline": headline,
}

__all__ = ["CHARTS", "audit", "dropout", "flow", "forest", "headline"]
