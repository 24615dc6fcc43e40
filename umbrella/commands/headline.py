"""`umbrella headline`: the main results at a glance."""

from umbrella.headline import show_headline
from umbrella.options import Database
from umbrella.project import database_path


def command(database: Database = None) -> None:
    """Print the pooled effect for each condition: published, and recomputed in two ways.

    "Conventional method" pools the extraction by DerSimonian and Laird with normal intervals;
    "recommended method" pools it with the current recommendations. Both always show how many
    meta-analyses they rest on.
    """
    show_headline(database_path(database))
