"""The browser and the commands of other tests serve here, too."""

from tests.python.cli.conftest import invoke
from tests.python.reports.conftest import browser

__all__ = ["browser", "invoke"]
