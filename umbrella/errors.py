"""The one exception whose message is meant for the person at the keyboard."""


class UmbrellaError(Exception):
    """A failure that the command line prints as it is, without a traceback, with exit code 1."""
