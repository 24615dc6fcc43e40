"""Publication-grade figures and an offline site from the marts and reports of the warehouse."""

from reports.errors import ReportError
from reports.site import SiteResult, build_site, draw_figure, list_figures

__all__ = ["ReportError", "SiteResult", "build_site", "draw_figure", "list_figures"]
