"""Pictures of packed boxes, with words in the user's language."""

from ...packing.picture import Words, draw, draw_captioned, draw_steps
from .geometry import unpack_geometry


def _get_words(env):
    return Words(
        step=env._("Step {number} of {total}: {quantity} x {name}"),
        left=env._("{left} more to come"),
        last=env._("the last"),
        more=env._("and {number} more products"),
        cut=env._("cut down to {height} mm"),
    )


def picture(env, geometry, name, names, order=None):
    """The whole box.

    :param geometry: of ``pack_geometry``
    :param name: of its carton
    :param names: ``{key: what a packer calls it}``
    :param order: keys of the whole transfer, to be numbered alike in all boxes
    """
    box = unpack_geometry(geometry, name)
    return draw(box, names, words=_get_words(env), order=order)


def step_pictures(env, geometry, name, names):
    """A picture for each step of filling the box."""
    return draw_steps(unpack_geometry(geometry, name), names, _get_words(env))


def step_captions(env, geometry, name, names, most=None):
    """``(picture, what to put in, what is still to come)`` for each step.

    :param most: of more steps, so many are drawn
    """
    box = unpack_geometry(geometry, name)
    return draw_captioned(box, names, _get_words(env), most)
