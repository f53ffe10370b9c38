"""EDIFACT: bytes into segments, with pydifact where separators are released."""

import re
from collections.abc import Callable, Iterator, Sequence

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
# What may stand between segments.
_BLANKS = " \r\n\t"


class Segment:
    """Data elements of a segment, each of components.

    ``segment.at(2, 1)`` is the second component of the second element, empty where it
    is not there; elements are counted from 1 as the standard does.

    :param elements: each a text that is split when it is asked for, as most never are,
        or a list of components
    :param separator: what stands between the components of a text
    """

    __slots__ = ("elements", "separator", "tag")

    def __init__(self, elements: Sequence[str | list[str]], separator: str) -> None:
        self.elements = elements
        self.separator = separator
        self.tag = self.at(0)

    def at(self, element: int, component: int = 0) -> str:
        components = self.components(element)
        return clean(components[component]) if component < len(components) else ""

    def all(self, element: int) -> list[str]:
        """The components of an element that are not empty."""
        return [text for part in self.components(element) if (text := clean(part))]

    def components(self, element: int) -> list[str]:
        """The components of an element as they stand there."""
        if element >= len(self.elements):
            return []
        found = self.elements[element]
        return found.split(self.separator) if isinstance(found, str) else found


def split(content: bytes) -> Iterator[Segment]:
    """The segments of a file.

    :raise DocumentFault: where it cannot be read
    """
    text = _decode(content).lstrip("\ufeff \t\r\n")
    signs, body = _DEFAULT, text
    if text.startswith("UNA"):
        signs, body = text[3:9], text[9:]
        _check_signs(signs)
    if signs[5] not in "\r\n":
        # no text has line breaks: files are wrapped, wherever the line was full
        body = body.replace("\r", "").replace("\n", "")
    body = body.replace(_NO_RELEASE, "").strip(_BLANKS.replace(signs[5], ""))
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
    """Most segments are split at their separators; those in which one is released are
    pydifact's, which reads letter by letter."""
    release = signs[3] if signs[3] != " " else _NO_RELEASE
    read_released = _get_released_reader(signs, release)
    for text in _cut(body, signs[5], release):
        if release in text:
            yield read_released(text)
        else:
            yield Segment(text.split(signs[1]), signs[0])


def _cut(body: str, terminator: str, release: str) -> Iterator[str]:
    """The texts of the segments, without what ends them."""
    begun: list[str] = []
    for part in body.removesuffix(terminator).split(terminator):
        begun.append(part if begun else part.lstrip(_BLANKS))
        # two release characters are one that is released, three release what follows
        if (len(part) - len(part.rstrip(release))) % 2 == 0:
            yield terminator.join(begun)
            begun = []
    if begun:
        raise DocumentFault(
            "truncated",
            "The file ends within a segment: what ends it is released.",
            body[-30:],
        )


def _get_released_reader(signs: str, release: str) -> Callable[[str], Segment]:
    """What reads a segment in which separators are released."""
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
    characters = Characters(signs[0], signs[1], signs[2], release, signs[4], signs[5])

    def read(text: str) -> Segment:
        elements: list[list[str]] = [[""]]
        try:
            for token in Tokenizer().get_tokens(text + signs[5], characters):
                if token.type is kinds.CONTENT:
                    elements[-1][-1] = token.value
                elif token.type is kinds.COMPONENT_SEPARATOR:
                    elements[-1].append("")
                elif token.type is kinds.DATA_SEPARATOR:
                    elements.append([""])
        except EDISyntaxError as error:
            raise DocumentFault(
                "envelope", f"The file does not keep to the rules of EDIFACT: {error}"
            ) from error
        return Segment(elements, signs[0])

    return read
