"""The SQL page: the tables of the warehouse as SQLite inside one page, asked in the browser."""

from reports.sql_page.page import FILE_NAME, SqlPage, build, link
from reports.sql_page.scripts import SOURCES

__all__ = ["FILE_NAME", "SOURCES", "SqlPage", "build", "link"]
