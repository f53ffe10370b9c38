"""EDIFACT: the envelopes around messages (UNB, UNG, UNH), checked."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..fault import DocumentFault
from .tokens import Segment

_ENDS = {"UNB": "UNZ", "UNG": "UNE", "UNH": "UNT"}
_BEGINS = {end: begin for begin, end in _ENDS.items()}
_INSIDE: dict[str, tuple[str, ...]] = {
    "UNB": ("",),
    "UNG": ("UNB",),
    "UNH": ("UNB", "UNG"),
}
# Where the control number stands.
_NUMBERS = {"UNB": 5, "UNG": 5, "UNH": 1}
_COUNTED = {"UNT": "segments", "UNE": "messages", "UNZ": "messages or groups"}
_TEST = 11  # position of the test indicator in UNB


@dataclass
class Message:
    """What is between UNH and UNT, both left out.

    :param kind: such as ORDERS
    :param path: where it is, for messages
    """

    kind: str
    path: str
    is_test: bool
    segments: list[Segment] = field(default_factory=list)
    envelope: dict[str, str] = field(default_factory=dict)


@dataclass
class _Open:
    """An envelope that has not ended."""

    tag: str
    number: str
    count: int
    numbers: set[str] = field(default_factory=set)


def read_messages(segments: Iterable[Segment]) -> list[Message]:
    """All messages of a file.

    :raise DocumentFault: where the envelopes do not hold
    """
    reader = _Reader()
    for segment in segments:
        reader.take(segment)
    if reader.open:
        missing = _ENDS[reader.open[-1].tag]
        raise DocumentFault(
            "truncated",
            f"The file ends without {missing}: it is incomplete.",
            reader.path(),
        )
    return reader.messages


class _Reader:
    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.open: list[_Open] = []
        self.envelope: dict[str, str] = {}
        self.is_test = False
        self.numbers: set[str] = set()

    def path(self) -> str:
        return "/".join(f"{one.tag} {one.number[:20]}".strip() for one in self.open)

    def take(self, segment: Segment) -> None:
        if segment.tag in _ENDS:
            self._begin(segment)
        elif segment.tag in _BEGINS:
            self._end(segment)
        elif self.open and self.open[-1].tag == "UNH":
            self.open[-1].count += 1
            self.messages[-1].segments.append(segment)
        else:
            raise DocumentFault(
                "envelope",
                f"The segment {segment.tag[:20] or 'without a name'} is in no message.",
                self.path(),
            )

    def _begin(self, segment: Segment) -> None:
        tag, around = segment.tag, self.open[-1].tag if self.open else ""
        if around not in _INSIDE[tag]:
            where = f"inside {around}" if around else "outside of an interchange"
            raise DocumentFault("envelope", f"{tag} begins {where}.", self.path())
        number = segment.at(_NUMBERS[tag])
        seen = self.open[-1].numbers if self.open else self.numbers
        if number in seen:
            raise DocumentFault(
                "control_number_twice",
                f"The number {number[:20]} of {tag} comes twice.",
                self.path(),
            )
        seen.add(number)
        if self.open:
            self.open[-1].count += 1
        self.open.append(_Open(tag, number, 1 if tag == "UNH" else 0))
        if tag == "UNB":
            self._take_interchange(segment)
        elif tag == "UNH":
            self._take_message(segment)

    def _take_interchange(self, segment: Segment) -> None:
        self.is_test = segment.at(_TEST) not in ("", "0")
        self.envelope = {
            "syntax": segment.at(1),
            "sender": segment.at(2),
            "sender_qualifier": segment.at(2, 1),
            "receiver": segment.at(3),
            "receiver_qualifier": segment.at(3, 1),
            "interchange": segment.at(5),
        }

    def _take_message(self, segment: Segment) -> None:
        envelope = {
            **self.envelope,
            "message": segment.at(1),
            "release": segment.at(2, 1) + segment.at(2, 2),
            "association": segment.at(2, 4),
        }
        self.messages.append(
            Message(segment.at(2), self.path(), self.is_test, [], envelope)
        )

    def _end(self, segment: Segment) -> None:
        tag, path = segment.tag, self.path()
        if not self.open or self.open[-1].tag != _BEGINS[tag]:
            raise DocumentFault("envelope", f"{tag} ends what did not begin.", path)
        begin = self.open.pop()
        counted = begin.count + (1 if tag == "UNT" else 0)
        if begin.number != segment.at(2):
            raise DocumentFault(
                "control_number",
                f"{tag} names {segment.at(2)[:20] or '(none)'}, but {begin.tag} has"
                f" {begin.number[:20] or '(none)'}.",
                path,
            )
        stated = segment.at(1)
        if not stated.isascii() or not stated.isdigit() or int(stated[:20]) != counted:
            raise DocumentFault(
                "count",
                f"{tag} counts {stated[:20] or 'no'} {_COUNTED[tag]}, but there are"
                f" {counted}.",
                path,
            )
