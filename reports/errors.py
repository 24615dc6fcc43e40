"""The errors this package raises on purpose."""


class ReportError(Exception):
    """Something the reader of the message can put right: an input, an option, a warehouse."""


class LostTextError(ReportError):
    """A drawn figure lacks text that its data hold."""
