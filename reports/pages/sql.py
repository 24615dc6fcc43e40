"""The page that asks the tables in SQL, in the browser."""

from reports import sql_page
from reports.pages.model import Content, Page


def pages(content: Content) -> list[Page]:
    """The SQL page."""
    return [page_of(sql_page.build(content.database, content.kept))]


def page_of(made: sql_page.SqlPage) -> Page:
    """The SQL page with its contents, its scripts, and what they need."""
    return Page(
        slug=sql_page.FILE_NAME.removesuffix(".html"),
        label="Ask in SQL",
        title="Ask in SQL",
        group="data",
        template="sql.html.j2",
        values={"sql_page": made},
        styles=(made.style,),
        scripts=(made.script,),
        sources=sql_page.SOURCES,
    )
