"""How long the order desk keeps somebody on the phone waiting, from a key to the answer.

What the screen asks the server for at each key, asked for inside Odoo on the demo
company as one of its users, each time as a request of its own; nothing is kept.
"""

import argparse
import statistics
import sys

from _odoo import Process, common, databases
from _results import machine, table, write_section

TARGET = 0.150  # seconds
DESK = "oms.order.desk"
LOGIN = "service"


def main():
    parser = argparse.ArgumentParser(prog="./oms bench desk", description=__doc__)
    parser.add_argument("--db", default="oms_demo", help="a database of the demo")
    parser.add_argument("--repetitions", type=int, default=31)
    parser.add_argument("--quick", action="store_true", help="without writing")
    options = parser.parse_args()
    calls = list(make_calls(options.db))
    rows, missed = [], 0
    with Process(options.db) as process:
        for name, call in calls:
            result = process.call(
                "replay", login=LOGIN, calls=[call], repetitions=options.repetitions
            )
            row, is_missed = describe(name, result)
            rows.append(row)
            missed += is_missed
    text = table(["what is done", "ms median", "ms p90", "queries", "target"], rows)
    print(f"\n{text}")
    if not options.quick:
        write_section("desk", report(text))
    return 1 if missed else 0


def describe(name, result):
    seconds = sorted(result["seconds"])
    median = statistics.median(seconds)
    is_key = not name.startswith("(")
    is_missed = is_key and median > TARGET
    verdict = "" if not is_key else "missed" if is_missed else "within"
    row = [
        name,
        f"{median * 1000:.0f}",
        f"{seconds[int(len(seconds) * 0.9)] * 1000:.0f}",
        result["queries"],
        verdict,
    ]
    return row, is_missed


def make_calls(db):
    """What is typed: the customer who ordered most often, and what is sold."""
    [(customer, name)] = databases.execute(
        """
        SELECT p.id, p.name FROM sale_order o JOIN res_partner p ON p.id = o.partner_id
          JOIN res_users u ON u.login = %s AND u.company_id = o.company_id
         WHERE o.state = 'sale' GROUP BY 1, 2 ORDER BY count(*) DESC, 1 LIMIT 1
        """,
        params=[LOGIN],
        db=db,
    )
    products = databases.execute(
        """
        SELECT p.id, t.uom_id, p.default_code
          FROM product_product p JOIN product_template t ON t.id = p.product_tmpl_id
         WHERE p.active AND t.sale_ok AND p.default_code LIKE '___-___'
         ORDER BY p.id LIMIT 30
        """,
        db=db,
    )
    if len(products) < 30:
        common.die(f"{db} is no database of the demo: ./oms demo --no-serve")
    yield "a letter of the customer", call("find_customers", name[:4])
    yield "the customer is chosen", call("get_customer", customer)
    yield "a letter of a product", call("suggest", customer, products[0][2][:3])
    for lines in (1, 5, 10, 30):
        content = make_content(customer, products[:lines])
        yield f"a digit of the quantity, line {lines}", call("answer", content)
    content = make_content(customer, products[:30], known=False)
    yield "(another customer for 30 lines)", call("answer", content)
    content = make_content(customer, products[:10])
    yield "(the draft is kept, 10 lines)", call("keep", content)
    yield "(saved as a quotation, 10 lines)", call("save", content)
    yield "(confirmed, 10 lines)", call("save", content, confirm=True)


def call(method, *args, **kwargs):
    return {"model": DESK, "method": method, "args": args, "kwargs": kwargs}


def make_content(customer, products, known=True):
    """An order as it is typed: all lines but the last are answered already."""
    lines = [
        {
            "key": str(number),
            "product_id": product,
            "uom_id": uom,
            "qty": 12,
            "known_price": known and 9.5,
            "known_discount": 0 if known else False,
        }
        for number, (product, uom, _code) in enumerate(products)
    ]
    lines[-1].update(known_price=False, known_discount=False)
    return {"key": "bench", "partner_id": customer, "lines": lines}


def report(text):
    return f"""
## The order desk

`./oms bench desk`, {machine()}. From the key to the answer inside Odoo, on the demo
company, as a user who may see all orders; each time as a request of its own with empty
caches. Target: {TARGET * 1000:.0f} ms in the median.

{text}
"""


if __name__ == "__main__":
    sys.exit(main())
