"""What lies on the packing bench: boxes as they are going to be packed.

The wizard keeps it as JSON until it is applied; here are the objects of it.
"""

from dataclasses import asdict, dataclass, field

from ..units import Units
from .contents import body_key, is_carton
from .geometry import outer_of, pack_geometry
from .planner import Packer


@dataclass
class DraftBox:
    """A box on the bench.

    :ivar type_id: of its ``stock.package.type``; ``False`` without a carton
    :ivar own: whether the goods ship as they are, in no other carton
    :ivar bodies: ``{key: number}`` of what is in it
    :ivar geometry: of ``pack_geometry``, once it is packed
    :ivar gross: its weight in g
    :ivar price: what it costs with its carton, in money
    :ivar reason: why this carton
    :ivar pinned: packed by hand: planning the rest leaves it alone
    :ivar fresh: added empty, and to be filled
    :ivar faults: what is wrong with it, in words
    :ivar package: name of the package that was made of it
    :ivar number: of the package that will be, where it is printed already
    """

    type_id: int | bool
    own: bool = False
    bodies: dict = field(default_factory=dict)
    geometry: dict | None = None
    gross: int = 0
    price: float = 0.0
    reason: str = ""
    pinned: bool = False
    fresh: bool = False
    faults: list = field(default_factory=list)
    package: str = ""
    number: str = ""

    @classmethod
    def from_box(cls, box):
        """Of a planned box.

        :param box: ``oms.pack.box``
        """
        return cls(
            type_id=box.package_type_id.id,
            own=box.is_own_carton,
            bodies={
                body_key(line.product_id.id, line.uom_id.id): line.quantity
                for line in box.line_ids
            },
            geometry=box.geometry,
            gross=box.gross_grams or Units.of(box.env).grams(box.gross_weight),
            price=box.price,
            reason=box.reason or "",
            faults=(box.fault_note or "").splitlines(),
            package=box.package_id.name or "",
            number=box.package_name or "",
        )

    @classmethod
    def from_engine(cls, box, why, price):
        """Of a box that the engine packed.

        :param box: engine box
        :param why: ``reasons.Why``
        :param price: of the box, in money
        """
        own = not is_carton(box.carton.key)
        bodies = {}
        for placement in box.placements:
            bodies[placement.key] = bodies.get(placement.key, 0) + 1
        return cls(
            type_id=False if own else box.carton.key,
            own=own,
            bodies=bodies,
            geometry=pack_geometry(box),
            gross=box.gross,
            price=price,
            reason=why.text,
        )

    def add(self, key, number):
        """Put more of something in."""
        self.bodies[key] = self.bodies.get(key, 0) + number

    def remove(self, key, number):
        """Take some of what is in it out."""
        self.bodies[key] -= number
        if not self.bodies[key]:
            del self.bodies[key]


@dataclass
class DraftTransfer:
    """A transfer on the bench, or a round of it that is packed already.

    :ivar applied: whether these boxes are packages already
    :ivar applied_ids: of all plans of the transfer that are
    :ivar changed: whether somebody changed the proposal
    :ivar note: why there is no plan
    :ivar loose: ``{key: [number, reason]}`` of what is in no box
    :ivar faults: what is wrong with the boxes together, in words
    """

    picking_id: int
    plan_id: int | bool
    applied: bool = False
    applied_ids: list = field(default_factory=list)
    changed: bool = False
    note: str = ""
    loose: dict = field(default_factory=dict)
    faults: list = field(default_factory=list)
    boxes: list = field(default_factory=list)

    @classmethod
    def from_plan(cls, picking, plan, applied):
        """Of a plan.

        :param picking: ``stock.picking``
        :param plan: ``oms.pack.plan`` of it, proposed, failed or applied
        :param applied: all its plans that are applied
        """
        transfer = cls(
            picking_id=picking.id,
            plan_id=plan.id,
            applied=plan.state == "applied",
            applied_ids=applied.ids,
            note=plan.error or "",
            boxes=[DraftBox.from_box(box) for box in plan.box_ids if box.geometry],
        )
        if plan.state == "failed":
            job = picking._oms_get_pack_job(here=True)
            packer = Packer(picking.env)
            packer.prefetch([job])
            bodies = packer.bodies(job.company_id, job.contents)
            for key, (number, _size, _grams) in bodies.items():
                transfer.add_loose(key, number, plan.error)
        else:
            for key, number, reason in plan.unpacked or ():
                transfer.add_loose(key, number, reason)
        return transfer

    @classmethod
    def from_json(cls, values):
        return cls(**{**values, "boxes": [DraftBox(**box) for box in values["boxes"]]})

    @property
    def filled(self):
        """Boxes with something in them."""
        return [box for box in self.boxes if box.bodies]

    @property
    def has_faults(self):
        """Whether something is wrong, or not packed."""
        return bool(self.faults or self.loose or any(box.faults for box in self.boxes))

    @property
    def keys(self):
        """Keys of all that is on the bench of it."""
        return {key for box in self.boxes for key in box.bodies} | {*self.loose}

    @property
    def parcels(self):
        """``[(outer mm, gross g, id of the package type)]`` for ``Packer.cost``."""
        return [(outer_of(box.geometry), box.gross, box.type_id) for box in self.filled]

    def add_loose(self, key, number, reason):
        """So many more are in no box."""
        before = self.loose[key][0] if key in self.loose else 0
        self.loose[key] = [before + number, reason]

    def remove_loose(self, key, number):
        """So many are put into a box."""
        self.loose[key][0] -= number
        if not self.loose[key][0]:
            del self.loose[key]

    def count(self, key, box=None):
        """How many of something are in a box, or in none."""
        if box:
            return box.bodies.get(key, 0)
        return self.loose[key][0] if key in self.loose else 0

    def drop_empty(self):
        """A box goes when the last unit is moved out of it; a fresh one waits."""
        for box in self.filled:
            box.fresh = False
        self.boxes = [box for box in self.boxes if box.bodies or box.fresh]


@dataclass
class BenchDraft:
    """All that is on the bench."""

    transfers: list = field(default_factory=list)

    @classmethod
    def from_json(cls, values):
        """Of what ``to_json`` gave."""
        return cls([DraftTransfer.from_json(row) for row in values or ()])

    def to_json(self):
        """As JSON, to keep it."""
        return [asdict(transfer) for transfer in self.transfers]

    @property
    def open_transfers(self):
        """What is still to be packed."""
        return [transfer for transfer in self.transfers if not transfer.applied]

    @property
    def is_changed(self):
        return any(transfer.changed for transfer in self.transfers)

    @property
    def is_packed(self):
        return any(transfer.applied_ids for transfer in self.transfers)

    @property
    def has_faults(self):
        return any(transfer.has_faults for transfer in self.open_transfers)

    @property
    def has_boxes(self):
        return any(transfer.boxes for transfer in self.open_transfers)

    @property
    def keys(self):
        """Keys of all that is on the bench."""
        return set().union(*(transfer.keys for transfer in self.transfers))

    def of_picking(self, picking_id):
        """The rounds of a transfer."""
        return [one for one in self.transfers if one.picking_id == picking_id]

    def of_plan(self, plan_id):
        """The round with these boxes, or ``None``."""
        return next((one for one in self.transfers if one.plan_id == plan_id), None)
