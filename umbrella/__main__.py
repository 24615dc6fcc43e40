"""`python -m umbrella` and the console script `umbrella`.

Little is imported here: Ctrl-C is answered from the first moment on.
"""

from umbrella.memory import collect_seldom
from umbrella.stopping import end_at_once_when_asked


def main() -> None:
    """Load the command and run it."""
    end_at_once_when_asked()
    collect_seldom()
    from umbrella.app import run

    run()


if __name__ == "__main__":
    main()
