"""The SQL page: the tables of the warehouse as SQLite inside one page, asked in the browser."""

from reports.sql_page.page import SqlPage, build, link
from reports.sql_page.scripts import content_policy_parts

__all__ = ["SqlPage", "build", "content_policy_parts", "link"]
