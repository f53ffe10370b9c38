"""What is wrong with a payload, as a code; words are made where it is shown."""

import unicodedata
from dataclasses import dataclass, field

#: Longest value that a fault repeats.
MOST_SHOWN = 100


@dataclass
class Fault:
    """One thing that is wrong with an order that came in.

    :param code: stable, for programs
    :param path: where, as in ``lines[3].product.code``
    :param value: what stood there
    :param line: reference of the order line, as the sender counts
    :param blocking: whether the order cannot be taken as it is
    :param params: what the words of the code need besides
    """

    code: str
    path: str = ""
    value: object = ""
    line: str = ""
    blocking: bool = True
    params: dict = field(default_factory=dict)

    def __post_init__(self):
        self.value = shorten(self.value)


def shorten(value):
    """A value as text that any protocol carries."""
    text = value if isinstance(value, str) else _describe(value)
    text = "".join(
        letter if is_carried(letter) else "\N{REPLACEMENT CHARACTER}"
        for letter in text[: MOST_SHOWN + 1]
    )
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"


def is_carried(letter):
    """Whether databases and protocols carry a letter: no control codes, no halves of
    surrogates."""
    return letter in "\n\r\t" or unicodedata.category(letter) not in ("Cc", "Cs")


def _describe(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{…}"
    if isinstance(value, list | tuple):
        return "[…]"
    if isinstance(value, int) and value.bit_length() > 8 * MOST_SHOWN:
        # Python refuses to write out numbers of many thousand digits
        return "…"
    return str(value)
