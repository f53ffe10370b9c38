"""EDIFACT: bytes into segments, by pydifact's tokenizer."""

import re
from collections.abc import Iterator

from ..fault import DocumentFault
from ..values import clean

# Syntax identifiers of UNB and the characters that they stand for. Level A and B are
# letters without accents, but are written with them all the same.
_ENCODINGS = {
    **dict.fromkeys(("UNOA", "UNOB"), ("ascii", "utf-8", "latin-1")),
    "UNOC": ("latin-1",),
    "UNOD": ("iso8859-2",),
    "UNOE": ("iso8859-5",),
    "UNOF": ("iso8859-7",),
    "UNOG": ("iso8859-3",),
    "UNOH": ("iso8859-4",),
    "UNOI": ("iso8859-6",),
    "UNOJ": ("iso8859-8",),
    "UNOK": ("iso8859-9",),
    "UNOL": ("iso8859-15",),
    "UNOW": ("utf-8",),
    "UNOY": ("utf-8",),
}
_SYNTAX = re.compile(rb"UNB.(UNO[A-Z])", re.DOTALL)
# Without UNA: components, elements, decimal mark, release, reserved, end of segment.
_DEFAULT = ":+.? '"
# A release character that no text has, where UNA says that there is none.
_NO_RELEASE = "\x00"


class Segment:
    """Data elements of a segment, each a list of components.

    ``segment.at(2, 1)`` is the second component of the second element, empty where it
    is not there; elements are counted from 1 as the standard does.
    """

    __slots__ = ("elements", "tag")

    def __init__(self, elements: list[list[str]]) -> None:
        self.tag = clean(elements[0][0]) if elements and elements[0] else ""
        self.elements = elements

    def at(self, element: int, component: int = 0) -> str:
        if element >= len(self.elements) or component >= len(self.elements[element]):
            return ""
        return clean(self.elements[element][component])

    def all(self, element: int) -> list[str]:
        """The components of an element that are not empty."""
        if element >= len(self.elements):
            return []
        return [text for part in self.elements[element] if (text := clean(part))]


def split(content: bytes) -> Iterator[Segment]:
    """The segments of a file.

    :raise DocumentFault: where it cannot be read
    """
    text = _decode(content).lstrip("\ufeff \t\r\n")
    signs, body = _DEFAULT, text
    if text.startswith("UNA"):
        signs, body = text[3:9], text[9:]
        _check_signs(signs)
    body = body.replace(_NO_RELEASE, "").strip()
    if not body.endswith(signs[5]):
        raise DocumentFault(
            "truncated", "The file ends within a segment: it is incomplete.", body[-30:]
        )
    return _segments(body, signs)


def _decode(content: bytes) -> str:
    found = _SYNTAX.search(content[:400])
    name = found.group(1).decode() if found else "UNOA"
    if name not in _ENCODINGS:
        raise DocumentFault(
            "character_set_unknown",
            f"The character set {name} is not known. Send UNOA to UNOL, UNOW or UNOY.",
            "UNB/S001",
        )
    for encoding in _ENCODINGS[name]:
        try:
            return content.decode(encoding)
        except UnicodeError:
            continue
    raise DocumentFault(
        "characters",
        f"The file has bytes that are no characters of {name}, which it states.",
        "UNB/S001",
    )


def _check_signs(signs: str) -> None:
    # the fifth is reserved, and a blank as release character means that there is none
    used = signs[:2] + signs[3].strip() + signs[5] if len(signs) == 6 else ""
    if len(set(used)) < len(used) or not used or any(sign.isalnum() for sign in used):
        raise DocumentFault(
            "envelope", f"UNA states separators that cannot be: {clean(signs)}", "UNA"
        )
    if signs[2] not in ".,":
        raise DocumentFault("envelope", "UNA states no decimal mark.", "UNA")


def _segments(body: str, signs: str) -> Iterator[Segment]:
    try:
        from pydifact.control import Characters
        from pydifact.exceptions import EDISyntaxError
        from pydifact.token import Token
        from pydifact.tokenizer import Tokenizer
    except ImportError as error:
        raise DocumentFault(
            "edifact_missing",
            "EDIFACT cannot be read here: the Python package pydifact is missing."
            " Ask the administrator to install it and the app Order Cycle: EDIFACT.",
        ) from error
    kinds = Token.Type
    release = signs[3] if signs[3] != " " else _NO_RELEASE
    characters = Characters(signs[0], signs[1], signs[2], release, signs[4], signs[5])
    characters.line_terminators = [" ", "\r", "\n", "\t"]
    elements: list[list[str]] = [[""]]
    try:
        for token in Tokenizer().get_tokens(body, characters):
            kind = token.type
            if kind is kinds.CONTENT:
                elements[-1][-1] = token.value
            elif kind is kinds.COMPONENT_SEPARATOR:
                elements[-1].append("")
            elif kind is kinds.DATA_SEPARATOR:
                elements.append([""])
            else:
                yield Segment(elements)
                elements = [[""]]
    except EDISyntaxError as error:
        raise DocumentFault(
            "envelope", f"The file does not keep to the rules of EDIFACT: {error}"
        ) from error
