"""A customer who clicks twice: two requests at the same moment make one order."""

import json
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from devkit import databases
from odoo_process import database, query, run, wait_for

ROUNDS = 5

# A customer with a password, a product, and the order pad of a channel.
SETUP = """
company = env.company
env["oms.channel"].create({
    "name": "Portal", "code": "PADTEST", "kind": "portal", "tz": "UTC",
    "order_pad": True, "pad_right": "order", "company_id": company.id,
})
product = env["product.product"].create({"name": "Pad", "type": "consu"})
customer = env["res.partner"].create({"name": "Pad Customer", "is_company": True})
user = env["res.users"].with_context(no_reset_password=True).create({
    "name": "Pad Buyer", "login": "pad_buyer", "password": "pad_buyer",
    "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
    "company_id": company.id, "company_ids": [(6, 0, company.ids)],
})
user.partner_id.parent_id = customer
cr.commit()
answer({"product": product.id, "customer": customer.id})
"""


@contextmanager
def web_server(db):
    """Odoo's own threaded server; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "odoo", "-d", db, f"--db-filter=^{db}$"]
    command += [f"--http-port={port}", "--workers=0", "--max-cron-threads=0"]
    process = subprocess.Popen(
        [*command, "--log-level=critical"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: answers(url), 180, process)
        yield url
    finally:
        process.kill()
        process.wait(30)


def answers(url):
    try:
        with urllib.request.urlopen(f"{url}/web/login", timeout=120):
            return True
    except (urllib.error.URLError, ConnectionError):
        return False


def post(url, params, cookie=""):
    """(result, cookie of the session)"""
    request = urllib.request.Request(
        url,
        data=json.dumps({"jsonrpc": "2.0", "params": params}).encode(),
        headers={"Content-Type": "application/json", "Cookie": cookie},
    )
    with urllib.request.urlopen(request, timeout=120) as response:
        cookies = response.headers.get_all("Set-Cookie") or []
        found = [one.split(";")[0] for one in cookies if one.startswith("session_id=")]
        answer = json.load(response)
    assert "error" not in answer, answer
    return answer["result"], found[-1] if found else cookie


@pytest.fixture
def db():
    with database(databases.addons_template(), "pad") as name:
        yield name


def test_double_click(db):
    made = run(db, SETUP)
    rows = [{"product_id": made["product"], "qty": "2", "text": "", "uom_id": False}]
    wishes = {"kind": "order", "address_id": made["customer"]}
    with web_server(db) as url, ThreadPoolExecutor(2) as clicks:
        login = {"db": db, "login": "pad_buyer", "password": "pad_buyer"}
        cookies = [post(f"{url}/web/session/authenticate", login)[1] for _n in range(2)]
        for number in range(ROUNDS):
            key = f"PAD-CLICK-{number:04}"
            params = {"rows": rows, "wishes": {**wishes, "key": key}}
            results = list(
                clicks.map(
                    lambda cookie, params=params: post(
                        f"{url}/my/order-pad/submit", params, cookie
                    )[0],
                    cookies,
                )
            )
            assert sorted(one["status"] for one in results) == [
                "already there",
                "created",
            ], results
            assert len({one["order_id"] for one in results}) == 1, results
    orders = query(
        db,
        "SELECT state, count(*) FROM sale_order WHERE partner_id = %s GROUP BY state",
        made["customer"],
    )
    assert [tuple(row) for row in orders] == [("sale", ROUNDS)]
