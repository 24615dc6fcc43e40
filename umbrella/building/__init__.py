"""Build a warehouse beside the published one and put it in its place when every test passed."""

import logging

# Failures are told at the end: without this, Python prints them as they are logged, too.
logging.getLogger(__name__).addHandler(logging.NullHandler())
