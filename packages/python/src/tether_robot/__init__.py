"""A robot that is driven over Tether, in Python."""

from .guard.driver import Driver
from .guard.guard import Guard
from .guard.manoeuvre import Manoeuvre, Stage
from .guard.state import Obeyed, StopReason
from .refusal import Final, Refusal
from .robot import Robot

__all__ = ["Driver", "Final", "Guard", "Manoeuvre", "Obeyed", "Refusal", "Robot", "Stage", "StopReason"]
