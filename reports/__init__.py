"""Publication-grade figures and an offline site from the `reports` schema of the warehouse."""

from reports.errors import ReportError
from reports.site import SiteResult, build_site

__all__ = ["ReportError", "SiteResult", "build_site"]
