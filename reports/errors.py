"""The errors this package raises on purpose."""


class ReportError(Exception):
    """Something the reader of the message can put right: an input, an option, a warehouse."""


class MissingCharactersWarning(UserWarning):
    """Characters that no installed font has: boxes in PNG and PDF, while the SVG is right."""


class LostTextError(ReportError):
    """A drawn figure lacks text that its data hold."""
