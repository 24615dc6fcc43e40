"""Bytes as characters: Unicode, or the one single-byte encoding that makes words of them."""

import re

BOM = b"\xef\xbb\xbf"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
UTF32_MARKS = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")

ZEROS = {
    (False, True, True, True): "utf-32-le",
    (True, True, True, False): "utf-32-be",
    (False, True): "utf-16-le",
    (True, False): "utf-16-be",
}
"""Which bytes of an ASCII character are zero; those of four bytes go first."""

SINGLE_BYTE = {"cp1252": "Windows-1252", "cp1250": "Windows-1250", "mac_roman": "Mac Roman"}
"""Encodings in which spreadsheet programs save CSV when not told otherwise."""

SIGNS = frozenset("–—‘’‚“”„…•·±×²³°§€£«»≤≥\u00a0")
"""Signs outside ASCII that papers print; other signs tell that an encoding is the wrong one."""

WORD_OF_A_LETTER = re.compile(r"(?<!\w)[àáåæèéíòóôöøùúÀÁÅÈÉÍÒÓÔÙÚ](?!\w)")
"""A letter that is a word in some language: à Rotterdam. A dash of Windows is no such letter."""

WORD = re.compile(r"[^\W\d_]*[^\W\d_\x00-\x7f][^\W\d_]*")


def wide_encoding_of(raw: bytes) -> str:
    """The name of the UTF-16 or UTF-32 encoding of a file; empty for none.

    A header is plain English: without a mark, one byte of each character of it is not zero.
    """
    for marks, encoding in ((UTF32_MARKS, "utf-32"), (UTF16_MARKS, "utf-16")):
        if raw.startswith(marks):
            return encoding
    return next((name for zeros, name in ZEROS.items() if _has_zeros(raw, zeros)), "")


def _has_zeros(raw: bytes, zeros: tuple[bool, ...]) -> bool:
    """Whether the first bytes are zero where the encoding of an ASCII character has zeros."""
    first = raw[: len(zeros)]
    return len(first) == len(zeros) and tuple(byte == 0 for byte in first) == zeros


def single_byte_readings(raw: bytes) -> dict[str, str]:
    """The texts that a file in a single-byte encoding may hold, by the names of the encodings.

    A text that several encodings give stands once.
    """
    texts: dict[str, list[str]] = {}
    # Of a large file most lines are ASCII, and the same in each encoding.
    telling = b"\n".join(line for line in raw.split(b"\n") if not line.isascii())
    for encoding, name in SINGLE_BYTE.items():
        try:
            is_written_so = _is_written_so(telling.decode(encoding))
        except UnicodeDecodeError:
            continue
        if is_written_so:
            texts.setdefault(raw.decode(encoding), []).append(name)
    return {" or ".join(names): text for text, names in texts.items()}


def _is_written_so(text: str) -> bool:
    """Whether what is outside ASCII are letters of words, and signs that papers print."""
    longer = WORD_OF_A_LETTER.sub("", text)
    rest = WORD.sub(lambda found: "" if _is_word(found[0]) else found[0], longer)
    return all(character.isascii() or character in SIGNS for character in set(rest))


def _is_word(word: str) -> bool:
    """Whether letters are cased as in words: Müller, ÉTUDE, and not MŸller or a lone Ð."""
    is_cased = all(letter.islower() or letter.isupper() for letter in word)
    return is_cased and len(word) > 1 and (word[1:].islower() or word.isupper())
