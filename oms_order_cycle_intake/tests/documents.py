"""Documents to test with: those of the pure package, of today and in our currency."""

import importlib.util
from datetime import date, timedelta
from pathlib import Path

_FILE = Path(__file__).parents[1] / "documents" / "tests" / "samples.py"
_SPEC = importlib.util.spec_from_file_location("oms_document_samples", _FILE)
samples = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(samples)

#: Days of the samples, and how far from today they are here.
_DAYS = {"20261102": 0, "20261110": 8, "20261111": 9, "20261112": 10, "20261231": 59}
_PLATE = """<cbc:Name>Plate</cbc:Name>
 <cac:SellersItemIdentification><cbc:ID>PLATE</cbc:ID></cac:SellersItemIdentification>
"""
_NUMBER = "<cac:PartyIdentification><cbc:ID>C-1</cbc:ID></cac:PartyIdentification>"


def day(after):
    return date.today() + timedelta(days=after)


def of_today(content):
    """The same document with days to come."""
    text = content.decode()
    for compact, after in _DAYS.items():
        iso = f"{compact[:4]}-{compact[4:6]}-{compact[6:]}"
        text = text.replace(iso, day(after).isoformat())
        text = text.replace(compact, day(after).strftime("%Y%m%d"))
    return text.encode()


def ubl(text=samples.UBL_ORDER, **changes):
    """A document in UBL of a customer whose GLN we do not know, but his number C-1.

    :param changes: texts to replace, by what is there
    """
    text = text.replace(">C-17<", ">C-1<").replace("DE123456788", "")
    if ">C-1<" not in text:
        text = text.replace("<cbc:EndpointID", f"{_NUMBER}<cbc:EndpointID")
    text = text.replace("<cbc:Name>Plate</cbc:Name>", _PLATE)
    text = text.replace(' currencyID="EUR"', "").replace(">EUR<", "><")
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return of_today(text.encode())


def x12(*lines, **options):
    """An X12 850 of these lines, or of the sample's, to the customer's own address."""
    found = "\n".join(lines) or "\n".join(
        line
        for line in samples.X12_LINES.split("\n")
        if not line.startswith(("N1*ST", "N3*", "N4*", "AMT", "CUR"))
    )
    found = found.replace("IN*K-2", "VN*PLATE").replace("*UP*036000291452", "")
    return of_today(samples.x12(samples.x12_set(found), **options))


def edifact():
    lines = samples.EDIFACT_LINES.replace("CUX+2:EUR:9\n", "").replace("ü", "u")
    return of_today(samples.edifact(samples.edifact_message(lines)))
