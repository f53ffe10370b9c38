"""UBL 2.1 orders, order changes and cancellations (Peppol BIS Ordering 3, Advanced)."""

from collections.abc import Iterator

from .fault import DocumentFault
from .reading import Order, Payload, Reading
from .ubl_answer import answer
from .values import as_number, clean, filled, iso_date, lines_of, per_one, plain
from .xml import Node, local_name, namespace
from .xml import parse as parse_xml

__all__ = ["answer", "read"]

_SCHEMA = "urn:oasis:names:specification:ubl:schema:xsd:"
_NAMES = {
    "cac": f"{_SCHEMA}CommonAggregateComponents-2",
    "cbc": f"{_SCHEMA}CommonBasicComponents-2",
}
_PURPOSES = {
    "Order": "original",
    "OrderChange": "change",
    "OrderCancellation": "cancel",
}
# Codes of UNCL 1001: order, sub-order, rush, call-off, sample, spare parts, direct ...
_TAKEN_TYPES = {
    "",
    "105",
    "220",
    "224",
    "226",
    "228",
    "231",
    "232",
    "237",
    "350",
    "402",
}
_REFUSED_TYPES = {
    "227": ("consignment", "This is a consignment order: goods stay yours until used."),
    "221": (
        "blanket_order",
        "This is a blanket order, which delivers nothing by itself.",
    ),
}
# Codes of line status: what becomes of the line in a change.
_STATUSES = {"": "", "1": "", "2": "delete", "3": "", "4": "", "5": "", "42": ""}
_GLN = "0088"


def read(content: bytes) -> Reading:
    """The orders of an XML file.

    :raise DocumentFault: where it is no readable XML, or another document
    """
    root = parse_xml(content)
    reading = Reading()
    found = list(_documents(root))
    if not found:
        raise _not_an_order(root)
    for node in found:
        if namespace(node) != _SCHEMA + local_name(node) + "-2":
            raise _not_an_order(node)
        try:
            reading.orders.append(_read_order(node))
        except DocumentFault as fault:
            reading.faults.append(fault)
    return reading


def _documents(root: Node) -> Iterator[Node]:
    """The orders of a file, which may lie in an SBDH envelope."""
    if local_name(root) in _PURPOSES:
        yield root
    elif local_name(root) == "StandardBusinessDocument":
        yield from (node for node in root if local_name(node) in _PURPOSES)


def _not_an_order(root: Node) -> DocumentFault:
    name = clean(local_name(root))[:80]
    return DocumentFault("not_an_order", f"This is {name}, not a UBL order.", name)


def _read_order(root: Node) -> Order:
    purpose = _PURPOSES[local_name(root)]
    _check_type(root)
    order_ref = _text(root, "cbc:ID")
    if purpose != "original":
        order_ref = _text(root, "cac:OrderReference/cbc:ID")
    if not order_ref:
        path = "cbc:ID" if purpose == "original" else "cac:OrderReference/cbc:ID"
        raise DocumentFault(
            "order_number_missing",
            "The order has no number.",
            f"{local_name(root)}/{path}",
        )
    lines = [_read_line(node) for node in _all(root, "cac:OrderLine")]
    if not lines and purpose != "cancel":
        raise DocumentFault("no_lines", "The order has no lines.", local_name(root))
    payload: Payload = {
        "version": 1,
        "external_ref": order_ref,
        "purpose": purpose,
        "test": _text(root, "cbc:ProfileExecutionID").lower() == "test",
    }
    payload |= filled(
        {
            "customer": _party_keys(_buyer(root)),
            "ship_to": _ship_to(root),
            "bill_to": _bill_to(root),
            "order_date": iso_date(_text(root, "cbc:IssueDate")),
            "requested_date": _requested(root),
            "valid_until": iso_date(_text(root, "cac:ValidityPeriod/cbc:EndDate")),
            "currency": _currency(root),
            "note": _note(root),
            "totals": _totals(root),
        }
    )
    payload["lines"] = lines
    return Order(payload, "ubl", _envelope(root))


def _check_type(root: Node) -> None:
    code = _text(root, "cbc:OrderTypeCode")
    path = f"{local_name(root)}/cbc:OrderTypeCode"
    if code in _REFUSED_TYPES:
        raise DocumentFault(*_REFUSED_TYPES[code], path)
    if code not in _TAKEN_TYPES:
        raise DocumentFault(
            "order_type",
            f"Documents of the type {code[:40]} are not taken as orders.",
            path,
        )


def _envelope(root: Node) -> dict[str, str]:
    """Who and what an answer is addressed to."""
    return filled(
        {
            "document": _text(root, "cbc:ID"),
            "profile": _text(root, "cbc:ProfileID"),
            "buyer_endpoint": _endpoint(_buyer(root)),
            "sender": _endpoint(_buyer(root)).partition(":")[2],
            "seller_endpoint": _endpoint(
                _one(root, "cac:SellerSupplierParty/cac:Party")
            ),
        }
    )


# -- parties -------------------------------------------------------------------------


def _buyer(root: Node) -> Node | None:
    return _one(root, "cac:BuyerCustomerParty/cac:Party")


def _endpoint(party: Node | None) -> str:
    node = _one(party, "cbc:EndpointID")
    if node is None:
        return ""
    return f"{clean(node.get('schemeID'))}:{clean(node.text)}"


def _party_keys(party: Node | None) -> Payload:
    """GLN, VAT number and other number of a party, as far as it states them."""
    keys = {"gln": "", "ref": "", "vat": ""}
    for path in (
        "cbc:EndpointID",
        "cac:PartyIdentification/cbc:ID",
        "cac:PartyLegalEntity/cbc:CompanyID",
    ):
        for node in _all(party, path):
            name = "gln" if node.get("schemeID") == _GLN else "ref"
            keys[name] = keys[name] or clean(node.text)
    keys["vat"] = _text(party, "cac:PartyTaxScheme/cbc:CompanyID")
    return filled(keys)


def _ship_to(root: Node) -> Payload:
    delivery = _one(root, "cac:Delivery")
    place = _one(delivery, "cac:DeliveryLocation")
    party = _one(delivery, "cac:DeliveryParty")
    keys = _number_keys(_one(place, "cbc:ID")) or _party_keys(party)
    address = _one(place, "cac:Address")
    if address is None:
        address = _one(party, "cac:PostalAddress")
    name = _text(party, "cac:PartyName/cbc:Name") or _text(place, "cbc:Name")
    return keys | _address(address, name)


def _bill_to(root: Node) -> Payload:
    party = _one(root, "cac:AccountingCustomerParty/cac:Party")
    keys = _party_keys(party)
    keys.pop("vat", None)
    address = _address(
        _one(party, "cac:PostalAddress"), _text(party, "cac:PartyName/cbc:Name")
    )
    return keys | address


def _number_keys(node: Node | None) -> Payload:
    if node is None or not clean(node.text):
        return {}
    return {"gln" if node.get("schemeID") == _GLN else "ref": clean(node.text)}


def _address(node: Node | None, name: str) -> Payload:
    more = [_text(node, "cbc:AdditionalStreetName")]
    more += [clean(line.text) for line in _all(node, "cac:AddressLine/cbc:Line")]
    return filled(
        {
            "name": name,
            "street": _text(node, "cbc:StreetName"),
            "street2": ", ".join(filter(None, more)),
            "zip": _text(node, "cbc:PostalZone"),
            "city": _text(node, "cbc:CityName"),
            "state": _text(node, "cbc:CountrySubentity"),
            "country": _text(node, "cac:Country/cbc:IdentificationCode"),
        }
    )


# -- lines ---------------------------------------------------------------------------


def _read_line(order_line: Node) -> Payload:
    item_node = _one(order_line, "cac:LineItem")
    line = item_node if item_node is not None else order_line
    quantity = _one(line, "cbc:Quantity")
    uom = clean(quantity.get("unitCode")) if quantity is not None else ""
    qty = plain(_text(line, "cbc:Quantity"))
    status = _text(line, "cbc:LineStatusCode")
    if status not in _STATUSES:
        raise DocumentFault(
            "line_change_unknown",
            f"What is to become of the line is unknown: status {status[:40]}.",
            f"OrderLine[{_text(line, 'cbc:ID')}]/LineItem/LineStatusCode",
        )
    if _STATUSES[status] == "delete":
        qty = "0"
    price, price_note = _price(line, uom)
    return filled(
        {
            "ref": _text(line, "cbc:ID"),
            "product": _product(line),
            "description": _text(line, "cac:Item/cbc:Name")
            or _text(line, "cac:Item/cbc:Description"),
            "qty": qty,
            "uom": uom,
            "price": price,
            "requested_date": _requested(line),
            "note": _line_note(order_line, line, price_note),
        }
    )


def _product(line: Node) -> Payload:
    return filled(
        {
            "customer_code": _text(
                line, "cac:Item/cac:BuyersItemIdentification/cbc:ID"
            ),
            "barcode": _text(line, "cac:Item/cac:StandardItemIdentification/cbc:ID"),
            "code": _text(line, "cac:Item/cac:SellersItemIdentification/cbc:ID"),
        }
    )


def _price(line: Node, uom: str) -> tuple[str, str]:
    """The price of one unit, or a note why it is not known."""
    price = plain(_text(line, "cac:Price/cbc:PriceAmount"))
    base = _one(line, "cac:Price/cbc:BaseQuantity")
    if base is None or not price:
        return price, ""
    count, unit = plain(clean(base.text)), clean(base.get("unitCode"))
    if unit and uom and unit != uom:
        return "", f"Price in the document: {price} for {count} {unit}"
    if not as_number(count):
        return "", f"Price in the document: {price} for {count or 'nothing'}"
    return per_one(price, count), ""


def _line_note(order_line: Node, line: Node, price_note: str) -> str:
    is_whole = _text(line, "cbc:PartialDeliveryIndicator").lower() in ("false", "0")
    texts = [_text(order_line, "cbc:Note")] if order_line is not line else []
    return lines_of(
        [
            *texts,
            *(node.text for node in _all(line, "cbc:Note")),
            "Not to be delivered in parts" if is_whole else "",
            price_note,
            *_extras(line),
        ]
    )


# -- the order as a whole ------------------------------------------------------------


def _requested(parent: Node) -> str:
    """The first day on which a delivery is wanted."""
    dates = _window(parent)
    return dates[0] if dates else ""


def _window(parent: Node) -> list[str]:
    period = "cac:Delivery/cac:RequestedDeliveryPeriod/"
    texts = (_text(parent, f"{period}cbc:{end}") for end in ("StartDate", "EndDate"))
    return [day for text in texts if (day := iso_date(text))]


def _currency(root: Node) -> str:
    stated = _text(root, "cbc:DocumentCurrencyCode")
    amount = _one(root, "cac:OrderLine/cac:LineItem/cac:Price/cbc:PriceAmount")
    return stated or (clean(amount.get("currencyID")) if amount is not None else "")


def _note(root: Node) -> str:
    dates = _window(root)
    reference = _text(root, "cbc:CustomerReference")
    return lines_of(
        [
            *(node.text for node in _all(root, "cbc:Note")),
            *(node.text for node in _all(root, "cbc:CancellationNote")),
            f"Your reference: {reference}" if reference else "",
            f"Delivery wanted from {dates[0]} to {dates[1]}"
            if len(set(dates)) == 2
            else "",
            *_extras(root),
        ]
    )


def _extras(parent: Node) -> Iterator[str]:
    """Charges and allowances, which the order itself has no place for."""
    for node in _all(parent, "cac:AllowanceCharge"):
        is_charge = _text(node, "cbc:ChargeIndicator").lower() in ("true", "1")
        amount = _one(node, "cbc:Amount")
        if amount is not None:
            what = "Charge" if is_charge else "Allowance"
            money = f"{clean(amount.text)} {clean(amount.get('currencyID'))}".strip()
            reason = _text(node, "cbc:AllowanceChargeReason")
            yield f"{what} in the document: {money}" + (
                f" ({reason})" if reason else ""
            )


def _totals(root: Node) -> Payload:
    total = "cac:AnticipatedMonetaryTotal/cbc:"
    untaxed = _text(root, f"{total}TaxExclusiveAmount")
    return filled(
        {"untaxed": plain(untaxed or _text(root, f"{total}LineExtensionAmount"))}
    )


# -- finding -------------------------------------------------------------------------


def _all(node: Node | None, path: str) -> list[Node]:
    return node.findall(path, _NAMES) if node is not None else []


def _one(node: Node | None, path: str) -> Node | None:
    return node.find(path, _NAMES) if node is not None else None


def _text(node: Node | None, path: str) -> str:
    found = _one(node, path)
    return clean(found.text) if found is not None else ""
