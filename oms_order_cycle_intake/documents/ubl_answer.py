"""UBL 2.1 OrderResponse, as Peppol BIS Ordering 3 has it."""

from lxml import etree

from .answer import Answer, AnswerLine, Party
from .values import clean

_SCHEMA = "urn:oasis:names:specification:ubl:schema:xsd:"
_ROOT = f"{_SCHEMA}OrderResponse-2"
_NAMES = {
    None: _ROOT,
    "cac": f"{_SCHEMA}CommonAggregateComponents-2",
    "cbc": f"{_SCHEMA}CommonBasicComponents-2",
}
_VERDICTS = {"accepted": "AP", "changed": "CA", "refused": "RE"}
_STATUSES = {"accepted": "5", "changed": "3", "refused": "7"}
_GTIN, _GLN = "0160", "0088"


def answer(given: Answer) -> bytes:
    """The answer as an XML file."""
    root = etree.Element(f"{{{_ROOT}}}OrderResponse", nsmap=_NAMES)
    _add(root, "cbc:CustomizationID", "urn:fdc:peppol.eu:poacc:trns:order_response:3")
    _add(root, "cbc:ProfileID", _profile(given))
    _add(root, "cbc:ID", given.number)
    _add(root, "cbc:SalesOrderID", given.our_ref)
    _add(root, "cbc:IssueDate", given.issued.date().isoformat())
    _add(root, "cbc:IssueTime", given.issued.strftime("%H:%M:%S"))
    _add(root, "cbc:OrderResponseCode", _VERDICTS[given.verdict])
    _add(root, "cbc:Note", given.note)
    _add(root, "cbc:DocumentCurrencyCode", given.currency)
    _add(_add(root, "cac:OrderReference"), "cbc:ID", given.order_ref)
    endpoints = given.envelope
    seller = _add(root, "cac:SellerSupplierParty")
    _party(seller, given.seller, endpoints.get("seller_endpoint", ""))
    buyer = _add(root, "cac:BuyerCustomerParty")
    _party(buyer, given.buyer, endpoints.get("buyer_endpoint", ""))
    if given.verdict != "refused":
        for line in given.lines:
            _line(root, line, given.currency)
    return etree.tostring(
        root, xml_declaration=True, encoding="UTF-8", pretty_print=True
    )


def _profile(given: Answer) -> str:
    ordering = "urn:fdc:peppol.eu:poacc:bis:ordering:3"
    asked = given.envelope.get("profile", "")
    # an order of the profile "order only" is answered as of the one with answers
    return asked if "advanced_ordering" in asked else ordering


def _party(parent: etree._Element, party: Party, endpoint: str) -> None:
    node = _add(parent, "cac:Party")
    scheme, _colon, number = endpoint.partition(":")
    if not number and party.gln:
        scheme, number = _GLN, party.gln
    _add(node, "cbc:EndpointID", number, schemeID=scheme)
    if party.gln or party.ref:
        identification = _add(node, "cac:PartyIdentification")
        scheme = _GLN if party.gln else ""
        _add(identification, "cbc:ID", party.gln or party.ref, schemeID=scheme)
    _add(_add(node, "cac:PartyLegalEntity"), "cbc:RegistrationName", party.name)


def _line(root: etree._Element, line: AnswerLine, currency: str) -> None:
    order_line = _add(root, "cac:OrderLine")
    _add(order_line, "cbc:Note", line.reason)
    item_line = _add(order_line, "cac:LineItem")
    _add(item_line, "cbc:ID", line.ref)
    _add(item_line, "cbc:LineStatusCode", _STATUSES[line.verdict])
    _add(item_line, "cbc:Quantity", line.qty, unitCode=line.uom)
    if line.day:
        period = _add(_add(item_line, "cac:Delivery"), "cac:PromisedDeliveryPeriod")
        _add(period, "cbc:StartDate", line.day)
        _add(period, "cbc:EndDate", line.day)
    if line.price:
        price = _add(item_line, "cac:Price")
        _add(price, "cbc:PriceAmount", line.price, currencyID=currency)
    item = _add(item_line, "cac:Item")
    _add(item, "cbc:Name", line.description or line.ref)
    for name, key, scheme in (
        ("Buyers", "customer_code", ""),
        ("Sellers", "code", ""),
        ("Standard", "barcode", _GTIN),
    ):
        if number := line.product.get(key):
            identification = _add(item, f"cac:{name}ItemIdentification")
            _add(identification, "cbc:ID", number, schemeID=scheme)
    _add(_add(order_line, "cac:OrderLineReference"), "cbc:LineID", line.ref)


def _add(
    parent: etree._Element, name: str, text: str | None = None, **attributes: str
) -> etree._Element:
    """A node below another; one of a text is left out where the text is empty."""
    prefix, _colon, local = name.partition(":")
    node = etree.Element(f"{{{_NAMES[prefix]}}}{local}")
    if text == "":
        return node
    node.text = clean(text) if text else None
    for key, value in attributes.items():
        if value:
            node.set(key, value)
    parent.append(node)
    return node
