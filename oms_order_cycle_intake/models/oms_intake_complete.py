"""What documents say, in the words of the intake: who is meant, where, and which."""

from odoo import api, models

#: Keys of a customer that mean the same to everybody.
_GLOBAL_KEYS = ("gln", "vat")
#: What of an address is compared, from all of it to what is always there.
_ADDRESS_PARTS = (
    ("name", "street", "street2", "zip", "city", "state", "country"),
    ("name", "street", "zip", "city", "country"),
    ("street", "zip", "city"),
    ("street", "zip"),
)
#: What a change of an order replaces; who ordered when stays as it was.
_CHANGEABLE = ("ship_to", "bill_to", "requested_date", "valid_until", "note", "totals")


class OmsIntake(models.Model):
    _inherit = "oms.intake"

    @api.model
    def _complete_payloads(self, orders, channel):
        """Payloads of the orders of one document, as they are submitted.

        :param orders: of class ``documents.Order``
        """
        payloads = [{**order.payload, "channel": channel.code} for order in orders]
        pairs = list(zip(orders, payloads, strict=True))
        for payload in payloads:
            self._drop_odd_dates(payload)
        customers = self._name_customers(pairs)
        self._name_addresses(pairs, customers)
        self._fill_changes(pairs, customers, channel)
        return payloads

    # -- dates ------------------------------------------------------------------

    @api.model
    def _drop_odd_dates(self, payload):
        """Days before the order was written cannot be meant: they become a note."""
        ordered = payload.get("order_date", "")
        for part in (payload, *payload["lines"]):
            for key in ("requested_date", "valid_until"):
                if not part.get(key, ordered) < ordered:
                    continue
                day = part.pop(key)
                words = {
                    "requested_date": self.env._(
                        "Wanted in the document on %s, before it was ordered.", day
                    ),
                    "valid_until": self.env._(
                        "Valid in the document until %s, before it was ordered.", day
                    ),
                }
                notes = [part["note"]] if part.get("note") else []
                part["note"] = "\n".join([*notes, words[key]])

    # -- customers --------------------------------------------------------------

    @api.model
    def _name_customers(self, pairs):
        """Keep of the numbers in each document those that are known.

        A number that the customer gave himself means nothing outside of his own
        documents: it counts for an address of who sent it only.

        :param pairs: ``[(order, payload)]``
        :return: ``{index: customer}``
        """
        partners, company = self.env["res.partner"], self.env.company
        senders = partners._oms_find_by_edi(
            {order.envelope.get("sender", "") for order, _payload in pairs}, company
        )
        names = [
            (index, key, value)
            for index, (_order, payload) in enumerate(pairs)
            for key, value in payload.get("customer", {}).items()
        ]
        hits = partners._oms_find_customers(
            [{key: value} for _index, key, value in names], company
        )
        known = {
            (index, key): partner
            for (index, key, _value), (partner, _key, fault) in zip(
                names, hits, strict=True
            )
            if partner and not fault
        }
        return {
            index: self._name_customer(index, order, payload, known, senders)
            for index, (order, payload) in enumerate(pairs)
        }

    @api.model
    def _name_customer(self, index, order, payload, known, senders):
        sender = senders.get(order.envelope.get("sender", ""), self.env["res.partner"])
        good = {
            key: value
            for key, value in payload.get("customer", {}).items()
            if (index, key) in known
            and self._is_trusted(known[index, key], key, sender, order.envelope)
        }
        if good:
            payload["customer"] = good
            return known[index, next(iter(good))]
        if sender:
            payload["customer"] = {"id": sender.id}
        elif order.envelope.get("theirs"):
            payload["customer"] = {"ref": order.envelope.get("sender") or "?"}
        return sender

    @api.model
    def _is_trusted(self, partner, key, sender, envelope):
        if key in _GLOBAL_KEYS:
            return True
        if sender:
            return partner.commercial_partner_id == sender.commercial_partner_id
        return not envelope.get("theirs")

    # -- addresses --------------------------------------------------------------

    @api.model
    def _name_addresses(self, pairs, customers):
        """Name known addresses by their id; what is not known stays as it was sent."""
        partners = self.env["res.partner"]
        everybody = partners.union(*customers.values())
        addresses = partners._oms_get_addresses(everybody, self.env.company)
        for index, (_order, payload) in enumerate(pairs):
            own = addresses.get(customers[index].commercial_partner_id, partners)
            for key in ("ship_to", "bill_to"):
                if address := self._find_address(own, payload.get(key, {})):
                    payload[key] = {"id": address.id}

    @api.model
    def _find_address(self, addresses, name):
        """The one of a customer's addresses that a document names, as far as it is
        sure: by a number, else by all that is written, else by street and place."""
        for key in ("gln", "ref"):
            if found := key in name and addresses._oms_match_address({key: name[key]}):
                return found
        for parts in _ADDRESS_PARTS:
            written = {key: name[key] for key in parts if key in name}
            if not {"street", "zip"} <= written.keys():
                continue
            if found := addresses._oms_match_address(written):
                return found
        return addresses.browse()

    # -- changes ----------------------------------------------------------------

    @api.model
    def _fill_changes(self, pairs, customers, channel):
        """A change names what is different; the order is asked for as a whole."""
        changes = {
            index: payload
            for index, (_order, payload) in enumerate(pairs)
            if payload["purpose"] == "change"
        }
        if not changes:
            return
        refs = [payload["external_ref"] for payload in changes.values()]
        claims = self.sudo().search(
            [
                ("is_claim", "=", True),
                ("channel_id", "=", channel.id),
                ("company_id", "=", self.env.company.id),
                ("external_ref", "in", refs),
            ]
        )
        by_key = {(one.external_ref, one.partner_key): one for one in claims}
        for index, payload in changes.items():
            customer = customers[index].commercial_partner_id
            ref = payload["external_ref"]
            claim = by_key.get((ref, 0)) or by_key.get((ref, customer.id))
            is_own = claim and claim.partner_id.commercial_partner_id == customer
            if is_own and (before := claim._read_payload()):
                self._fill_change(payload, before)

    @api.model
    def _fill_change(self, payload, before):
        lines = {line["ref"]: line for line in before["lines"]}
        for index, line in enumerate(payload["lines"], start=1):
            ref = line.get("ref", f"#{index}")
            if line.get("qty") == "0":
                lines.pop(ref, None)
            else:
                lines[ref] = {**lines.get(ref, {}), **line}
        kept = {key: value for key, value in before.items() if key != "totals"}
        changed = {key: payload[key] for key in _CHANGEABLE if key in payload}
        head = {key: payload[key] for key in ("purpose", "test", "channel")}
        payload.update({**kept, **changed, **head, "lines": list(lines.values())})
