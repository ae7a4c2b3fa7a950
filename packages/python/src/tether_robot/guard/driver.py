"""The program that turns commands into motion, as a guard calls it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Awaitable, Callable

from .blind_time import limit_speed
from .declared import Declaration, limit_axes, new_presses
from .manoeuvre import Manoeuvre
from .state import Bounds, Obeyed, StopReason


@dataclass(frozen=True, slots=True)
class Driver:
    """
    `stop` returns once the robot stands; where it raises it is called again. `command` obeys at once. One with a `declaration` is given
    every axis that it declared, and `press` is told of its buttons. R35
    """

    command: Callable[[Any, Obeyed], None]
    stop: Callable[[StopReason], Awaitable[None]]
    manoeuvre: Manoeuvre = Manoeuvre()
    limits_speed: bool = False
    declaration: Declaration | None = None
    press: Callable[[str, Obeyed], None] | None = None


def new_give(driver: Driver) -> Callable[[Any, Obeyed, Bounds], None]:
    """Gives the driver the commands that are to be obeyed, within the bounds of the policy and of what it declared."""
    take_press = new_presses()

    def give(command: Any, obeyed: Obeyed, bounds: Bounds) -> None:
        share = 1 if driver.limits_speed else obeyed.limit
        if driver.declaration is None:
            driver.command(limit_speed(command, bounds, share), obeyed)
            return
        driver.command(limit_axes(driver.declaration, command, bounds, share), obeyed)
        button = take_press(command)
        if button is not None and driver.press:
            driver.press(button, obeyed)

    return give
