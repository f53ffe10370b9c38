"""ANSI X12: text into segments, and the envelopes around transaction sets, checked."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .fault import DocumentFault
from .values import clean


class Segment(list[str]):
    """Elements of a segment; the first is its tag.

    An element that is not there is empty: ``segment.at(3)``.
    """

    def __init__(self, elements: Iterable[str]) -> None:
        super().__init__(elements)
        self.tag = self.at(0)

    def at(self, number: int) -> str:
        return clean(self[number]) if number < len(self) else ""


@dataclass
class TransactionSet:
    """What is between ST and SE, both left out.

    :param path: where it is, for messages
    :param envelope: sender, receiver and control numbers of all envelopes
    """

    kind: str
    path: str
    segments: list[Segment] = field(default_factory=list)
    envelope: dict[str, str] = field(default_factory=dict)


# What begins an envelope ends with it, and repeats its number.
_ENDS = {"ISA": "IEA", "GS": "GE", "ST": "SE"}
_BEGINS = {end: begin for begin, end in _ENDS.items()}
_INSIDE = {"ISA": None, "GS": "ISA", "ST": "GS"}
# Position of the control number in the segments.
_NUMBERS = {"ISA": 13, "GS": 6, "ST": 2, "IEA": 2, "GE": 2, "SE": 2}
_ISA_ELEMENTS = 16
# Not all that Python takes for a blank: the signs 1C to 1F separate.
_BLANKS = " \t\r\n"
_PADDING = _BLANKS + "\x00\x1a\x1c\x1d\x1e\x1f~"


def read_sets(content: bytes) -> list[TransactionSet]:
    """All transaction sets of a file, in the order they come.

    :raise DocumentFault: where the envelopes do not hold
    """
    text = _decode(content)
    sets: list[TransactionSet] = []
    position = _next_interchange(text, 0)
    while position is not None:
        reader = _Interchange(sets)
        position = _next_interchange(text, reader.take(text, position))
    return sets


def _decode(content: bytes) -> str:
    for encoding in ("utf-8-sig", "latin-1"):
        try:
            return content.decode(encoding)
        except UnicodeError:
            continue
    raise AssertionError  # every byte is a character of latin-1


def _next_interchange(text: str, position: int) -> int | None:
    """Where the next one begins, or nothing at the end of the text."""
    while position < len(text) and text[position] in _PADDING:
        position += 1
    if position == len(text):
        return None
    if not text.startswith("ISA", position):
        raise DocumentFault(
            "envelope",
            "There is something after the end of the interchange:"
            f" {_show(text, position)}",
        )
    return position


def _show(text: str, position: int = 0) -> str:
    return clean(text[position : position + 30])


class _Interchange:
    """Reads one interchange, from ISA to IEA."""

    def __init__(self, sets: list[TransactionSet]) -> None:
        self.sets = sets
        self.open: list[Segment] = []  # ISA, GS, ST that are not ended
        self.counts: list[int] = []  # what is in each of them
        self.numbers: list[set[str]] = [set()]  # control numbers seen, by level
        self.envelope: dict[str, str] = {}

    def take(self, text: str, position: int) -> int:
        """Where the interchange ends."""
        separator, component, terminator = _separators(text, position)
        # some end each line with what they meant to end the segment, and state it as
        # what separates components: nothing follows it
        ending = component if terminator == "\n" else ""
        for raw, end in _split(text, position, terminator):
            body = raw.strip(_BLANKS).rstrip(ending) if ending else raw.strip(_BLANKS)
            segment = Segment(body.split(separator))
            self._take(segment)
            if not self.open:
                return end
        missing = _ENDS[self.open[-1].tag]
        raise DocumentFault(
            "truncated",
            f"The file ends without {missing}: it is incomplete.",
            self._path(),
        )

    def _path(self) -> str:
        return "/".join(
            f"{segment.tag} {segment.at(_NUMBERS[segment.tag])[:20]}".strip()
            for segment in self.open
        )

    def _take(self, segment: Segment) -> None:
        tag = segment.tag
        if tag in _ENDS:
            self._begin(segment)
        elif tag in _BEGINS:
            self._end(segment)
        elif self.open and self.open[-1].tag == "ST":
            self.counts[-1] += 1
            self.sets[-1].segments.append(segment)
        elif not (tag == "TA1" and len(self.open) == 1):  # an acknowledgement
            raise DocumentFault(
                "envelope",
                f"The segment {tag[:20] or 'without a name'} is in no transaction set.",
                self._path(),
            )

    def _begin(self, segment: Segment) -> None:
        tag = segment.tag
        around = self.open[-1].tag if self.open else None
        if around != _INSIDE[tag]:
            raise DocumentFault(
                "envelope",
                f"{tag} begins inside {around}."
                if around
                else f"{tag} begins outside.",
                self._path(),
            )
        number = segment.at(_NUMBERS[tag])
        if number in self.numbers[-1]:
            raise DocumentFault(
                "control_number_twice",
                f"The control number {number[:20]} of {tag} comes twice.",
                self._path(),
            )
        self.numbers[-1].add(number)
        if self.counts:
            self.counts[-1] += 1
        self.open.append(segment)
        self.counts.append(1 if tag == "ST" else 0)
        self.numbers.append(set())
        self.envelope |= _envelope_of(segment)
        if tag == "ST":
            self.sets.append(
                TransactionSet(segment.at(1), self._path(), [], dict(self.envelope))
            )

    def _end(self, segment: Segment) -> None:
        tag = segment.tag
        begin = self.open[-1] if self.open else Segment([""])
        if begin.tag != _BEGINS[tag]:
            raise DocumentFault(
                "envelope", f"{tag} ends what did not begin.", self._path()
            )
        path = self._path()
        if tag == "SE":
            self.counts[-1] += 1
        _check_number(begin, segment, path)
        _check_count(segment, self.counts[-1], path)
        self.open.pop()
        self.counts.pop()
        self.numbers.pop()


def _check_number(begin: Segment, end: Segment, path: str) -> None:
    given = begin.at(_NUMBERS[begin.tag])
    repeated = end.at(_NUMBERS[end.tag])
    if given != repeated and given.lstrip("0") != repeated.lstrip("0"):
        raise DocumentFault(
            "control_number",
            f"{end.tag} names the control number {repeated[:20] or '(none)'}, but"
            f" {begin.tag} has {given[:20] or '(none)'}.",
            path,
        )


def _check_count(end: Segment, counted: int, path: str) -> None:
    stated = end.at(1)
    if not stated.isascii() or not stated.isdigit() or int(stated[:20]) != counted:
        parts = {"SE": "segments", "GE": "transaction sets", "IEA": "groups"}
        raise DocumentFault(
            "count",
            f"{end.tag} counts {stated[:20] or 'no'} {parts[end.tag]}, but there are"
            f" {counted}.",
            path,
        )


def _envelope_of(segment: Segment) -> dict[str, str]:
    """What an answer repeats of the segment that begins an envelope."""
    if segment.tag == "ISA":
        names = {5: "sender_qualifier", 6: "sender", 7: "receiver_qualifier"}
        names |= {
            8: "receiver",
            12: "interchange_version",
            13: "interchange",
            15: "usage",
        }
    elif segment.tag == "GS":
        names = {1: "group_kind", 2: "group_sender", 3: "group_receiver", 6: "group"}
        names |= {8: "version"}
    else:
        names = {1: "set_kind", 2: "set"}
    return {name: segment.at(number) for number, name in names.items()}


def _separators(text: str, position: int) -> tuple[str, str, str]:
    """What separates elements and components, and what ends a segment.

    ISA is of a fixed width where it is right; some send it shorter, so its elements are
    counted: the sixteenth is one character, and the next ends the segment.
    """
    separator = text[position + 3 : position + 4]
    if not separator or separator.isalnum() or separator in _BLANKS:
        raise DocumentFault(
            "envelope", f"ISA is not followed by a separator: {_show(text, position)}"
        )
    at = position
    for _element in range(_ISA_ELEMENTS):
        at = text.find(separator, at + 1, position + 400)
        if at < 0:
            raise DocumentFault(
                "truncated" if len(text) - position < 106 else "envelope",
                f"ISA has less than {_ISA_ELEMENTS} elements: {_show(text, position)}",
                "ISA",
            )
    terminator = text[at + 2 : at + 3]
    if text[at + 2 : at + 4] == "\r\n":
        terminator = "\n"
    if not terminator:
        raise DocumentFault("truncated", "The file ends within ISA.", "ISA")
    if terminator.isalnum() or terminator in (separator, " "):
        raise DocumentFault(
            "envelope", "The last element of ISA is not one character.", "ISA16"
        )
    return separator, text[at + 1], terminator


def _split(text: str, position: int, terminator: str) -> Iterator[tuple[str, int]]:
    """Segments that are not blank, and where each ends."""
    pattern = re.compile(re.escape(terminator))
    for match in pattern.finditer(text, position):
        raw = text[position : match.start()]
        position = match.end()
        if raw.strip(_BLANKS):
            yield raw, position
    # the last may end with the file instead of a newline
    if terminator == "\n" and text[position:].strip(_PADDING):
        yield text[position:], len(text)
