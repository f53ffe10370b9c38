"""Pictures of packed cartons."""

from .drawing import Words, draw, draw_captioned, draw_steps

__all__ = ["Words", "draw", "draw_captioned", "draw_steps"]
