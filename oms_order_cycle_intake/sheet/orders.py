"""Rows of a grid put together to orders, each value with the cell that it is from."""

from dataclasses import dataclass, field
from typing import NamedTuple

from .fault import SheetFault
from .reader import is_blank
from .targets import TARGETS
from .values import convert

_ANY_CODE = ("customer_code", "barcode", "code")


class Fault(NamedTuple):
    """What is wrong at a cell.

    :param row: the caller's number of the row
    :param column: index of the column; None for the whole row
    :param code: of the fault
    :param values: details for the words
    """

    row: int
    column: int | None
    code: str
    values: dict


@dataclass
class SheetOrder:
    """An order of the file.

    :param payload: as ``sale.order.oms_submit_orders`` takes it; values that could not
        be read are left out
    :param rows: numbers of all its rows
    :param line_rows: numbers of the rows of its lines
    :param places: {path in the payload: (row number, column index)}
    :param faults: list of Fault
    """

    key: tuple
    payload: dict
    rows: list = field(default_factory=list)
    line_rows: list = field(default_factory=list)
    places: dict = field(default_factory=dict)
    faults: list = field(default_factory=list)

    def locate(self, path):
        """The cell that a path of the payload is from, (row number, column or None).

        A path into what no cell said leads to its row; one of the order to the first.
        """
        while path:
            if path in self.places:
                return self.places[path]
            if path.endswith("]"):
                return self._line_row(path), None
            for key, place in self.places.items():
                if key.startswith(f"{path}."):
                    return place
            path = path[: max(path.rfind("."), 0)]
        return self.rows[0], None

    def _line_row(self, path):
        try:
            return self.line_rows[int(path[len("lines[") : -1])]
        except (ValueError, IndexError):
            return self.rows[0]


def build_orders(rows, mapping, settings, default_ref="", is_key_with_customer=False):
    """Put rows together to orders, in the order of the file.

    A row belongs to the order of its reference, wherever it stands; a blank reference
    is that of the row above. Without a column of references the file is one order, or
    one for each customer in it.

    :param rows: iterable of (number, cells)
    :param dict mapping: {column index: target key}
    :param Settings settings: how numbers and dates are written
    :param default_ref: reference where no column has any
    :param is_key_with_customer: whether the same reference of two customers means two
        orders
    :return: list of SheetOrder
    """
    return _Builder(
        {index: TARGETS[key] for index, key in sorted(mapping.items())},
        settings,
        default_ref,
        is_key_with_customer,
    ).build(rows)


class _Builder:
    def __init__(self, targets, settings, default_ref, is_key_with_customer):
        self.targets = targets
        self.settings = settings
        self.default_ref = default_ref
        self.has_ref = any(t.key == "external_ref" for t in targets.values())
        self.customer_columns = [
            index
            for index, target in targets.items()
            if target.key.startswith("customer.")
        ]
        self.is_key_with_customer = is_key_with_customer or not self.has_ref
        self.orders = {}
        self.last_key = None

    def build(self, rows):
        for number, cells in rows:
            values, faults = self._read(number, cells)
            if values or faults:
                self._add(number, values, faults)
        for order in self.orders.values():
            if not order.payload["lines"] and not order.faults:
                order.faults.append(Fault(order.rows[0], None, "no_lines", {}))
        return list(self.orders.values())

    def _read(self, number, cells):
        """{target key: (value, column)} of a row, and its faults."""
        values, faults = {}, []
        for index, target in self.targets.items():
            cell = cells[index] if index < len(cells) else None
            if is_blank(cell):
                continue
            try:
                values[target.key] = convert(cell, target.kind, self.settings), index
            except SheetFault as fault:
                faults.append(Fault(number, index, fault.code, fault.values))
                values[target.key] = None, index
        return values, faults

    def _add(self, number, values, faults):
        order = self._find_order(number, values)
        order.rows.append(number)
        order.faults += faults
        line = {}
        for key, (value, index) in values.items():
            if TARGETS[key].is_line:
                line[key] = value, index
            elif value is not None and key != "external_ref":
                self._set_of_order(order, key, value, number, index)
        if line:
            self._add_line(order, line, number)

    def _find_order(self, number, values):
        ref, column = values.get("external_ref", (None, None))
        customer = tuple(
            values.get(self.targets[index].key, ("",))[0] or ""
            for index in self.customer_columns
        )
        is_same = "external_ref" not in values and self.last_key is not None
        if is_same and (self.has_ref or not any(customer)):
            return self.orders[self.last_key]
        if not self.has_ref:
            ref = "-".join([self.default_ref, *filter(None, customer)])
        # a reference that cannot be read, or none in the first row: an order of its own
        key = (ref or f"\0{number}",)
        if self.is_key_with_customer:
            key += self._customer_of(key, customer)
        self.last_key = key
        if key not in self.orders:
            payload = {"external_ref": ref, "lines": []} if ref else {"lines": []}
            order = self.orders[key] = SheetOrder(key, payload)
            if column is not None:
                order.places["external_ref"] = number, column
            elif not ref:
                column = next(
                    (i for i, t in self.targets.items() if t.key == "external_ref"),
                    None,
                )
                order.faults.append(Fault(number, column, "order_ref_missing", {}))
        return self.orders[key]

    def _customer_of(self, key, customer):
        """A row that repeats the reference without the customer goes on with it."""
        if any(customer) or self.last_key is None or self.last_key[:1] != key:
            return customer
        return self.last_key[1:]

    def _set_of_order(self, order, key, value, number, index):
        known = order.places.get(key)
        if known is None:
            _set(order.payload, key, value)
            order.places[key] = number, index
            return
        first = _get(order.payload, key)
        if first.casefold() != value.casefold():
            order.faults.append(
                Fault(
                    number,
                    index,
                    "differs_in_order",
                    {"value": value, "first": first, "first_row": known[0]},
                )
            )

    def _add_line(self, order, line, number):
        path = f"lines[{len(order.payload['lines'])}]"
        values = {}
        for key, (value, index) in line.items():
            inner = key.removeprefix("lines.")
            order.places[f"{path}.{inner}"] = number, index
            if value is not None:
                if inner == "product":
                    # whichever of its codes it is
                    values["product"] = dict.fromkeys(_ANY_CODE, value)
                else:
                    _set(values, inner, value)
        order.payload["lines"].append(values)
        order.line_rows.append(number)
        self._note_missing(order, line, number)

    def _note_missing(self, order, line, number):
        if not any(TARGETS[key].is_product for key in line):
            column = next((i for i, t in self.targets.items() if t.is_product), None)
            order.faults.append(Fault(number, column, "product_missing", {}))
        if "lines.qty" not in line:
            column = next(
                (i for i, t in self.targets.items() if t.key == "lines.qty"), None
            )
            order.faults.append(Fault(number, column, "qty_missing", {}))


def _set(values, path, value):
    *outer, last = path.split(".")
    for key in outer:
        values = values.setdefault(key, {})
    values[last] = value


def _get(values, path):
    for key in path.split("."):
        values = values[key]
    return values
