"""The commands of other tests serve here, too."""

from tests.python.cli.conftest import invoke

__all__ = ["invoke"]
