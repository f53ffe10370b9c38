"""The guided cycle of ``./oms demo``: one order, from taken to paid.

Run in an Odoo shell: ``run(env)`` takes a new order of the demo company through the
three-step warehouse and returns a table of what happened. The steps themselves are
part of oms_order_cycle_demo, where its tests reach them.
"""


def run(env):
    """Take one order through its cycle; each step is committed.

    :return: what happened, for people to read
    :rtype: str
    """
    from odoo.addons.oms_order_cycle_demo.guided_cycle import run as run_cycle

    return run_cycle(env)
