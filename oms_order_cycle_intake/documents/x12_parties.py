"""X12: who orders, where it goes, who pays (the loops of N1)."""

from .reading import Payload
from .values import filled
from .x12_envelope import Segment

# N103: whose number N104 is. 92 the buyer's, 91 ours, 1 and 9 D-U-N-S.
_GLN_QUALIFIERS = ("UL", "X5")


class Parties:
    """The parties of the header.

    :param header: segments before the first line
    """

    def __init__(self, header: list[Segment]) -> None:
        self.loops: dict[str, list[Segment]] = {}
        current: list[Segment] | None = None
        for segment in header:
            if segment.tag == "N1":
                current = self.loops.setdefault(segment.at(1), [])
                # the first of a kind counts
                if current:
                    current = []
            if current is not None and segment.tag in ("N1", "N2", "N3", "N4"):
                current.append(segment)

    def customer(self) -> Payload:
        """The number of who buys, or of who pays."""
        return self._keys("BY") or self._keys("BT")

    def is_own_number(self) -> bool:
        """Whether the customer gave himself the number that he is called by."""
        kind = "BY" if self._keys("BY") else "BT"
        loop = self.loops.get(kind)
        return bool(self._keys(kind)) and bool(loop) and loop[0].at(3) == "92"

    def ship_to(self) -> Payload:
        return self._keys("ST") | self._address("ST")

    def bill_to(self) -> Payload:
        return self._keys("BT") | self._address("BT")

    def notes(self) -> list[str]:
        """Parties that an order has no field for."""
        return [self._show("Mark for", "Z7")] if "Z7" in self.loops else []

    def via(self, store: str) -> list[str]:
        """Through which place goods for a store go."""
        if "ST" not in self.loops:
            return [f"For store {store}"]
        return [f"For store {store}", self._show("Deliver through", "ST")]

    def _show(self, words: str, kind: str) -> str:
        name = self._address(kind).get("name", "")
        number = "".join(self._keys(kind).values())
        return f"{words}: " + ", ".join(filter(None, (name, number)))

    def _keys(self, kind: str) -> Payload:
        """GLN or other number of a party."""
        loop = self.loops.get(kind)
        if not loop or not loop[0].at(4):
            return {}
        is_gln = loop[0].at(3) in _GLN_QUALIFIERS
        return {"gln" if is_gln else "ref": loop[0].at(4)}

    def _address(self, kind: str) -> Payload:
        loop = self.loops.get(kind, [])
        name = loop[0].at(2) if loop else ""
        streets = [one.at(i) for one in loop if one.tag == "N3" for i in (1, 2)]
        streets = list(filter(None, streets))
        place = next((one for one in loop if one.tag == "N4"), Segment(["N4"]))
        if not (streets or len(place) > 1):
            return {}
        return filled(
            {
                "name": name,
                "street": streets[0] if streets else "",
                "street2": ", ".join(streets[1:]),
                "city": place.at(1),
                "state": place.at(2),
                "zip": place.at(3),
                "country": place.at(4),
            }
        )
