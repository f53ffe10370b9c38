"""The search for the cheapest plan, from one unit up to the whole order.

Read upwards, each line uses those before it:

- one spot: ``support`` (what a unit may rest on), ``sequences`` (in which order)
- one carton, filled: ``construct`` (unit by unit), ``blocks`` (equal units together)
- one carton, all in: ``cuts``, ``single`` (cheap ways first, within a ``budget``)
- one carton, as much as goes in: ``fills``
- the best carton for a load, and plans in the making: ``packer``
- two cartons: ``exchange``, ``pairs``
- one product: ``equal``; very large orders: ``bulk``
- many cartons: ``many``, ``repair``, ``patterns``
- too few cartons: ``most_value``
- the last resort for few units: ``anneal``
- the order as a whole: ``solver``
"""
