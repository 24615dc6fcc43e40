"""Run a console script of the environment, with Python's search for circles of objects rare.

usage: .ci/script.py SCRIPT [ARGUMENTS]

Processes that the script spawns import this file and do the same.
"""

import sys
from importlib.metadata import entry_points

from umbrella.memory import collect_seldom

collect_seldom()

if __name__ == "__main__":
    del sys.argv[0]
    (script,) = entry_points(group="console_scripts", name=sys.argv[0])
    sys.exit(script.load()())
