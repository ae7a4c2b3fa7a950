"""Services and actions of ROS 2 as buttons of the drive page."""

from __future__ import annotations

import threading
from typing import Any, Callable, Mapping, Sequence

TRIGGER = "std_srvs/srv/Trigger"
SUCCEEDED, CANCELED = 4, 5
"""action_msgs/msg/GoalStatus."""

KEYS = {"name", "title", "service", "action", "type", "fields"}


def button_of(given: Any) -> dict[str, Any]:
    """A button of the configuration, with what it leaves out. One that is none is refused by its name."""
    if not isinstance(given, Mapping) or not isinstance(given.get("name"), str):
        raise SystemExit(f"A button of the configuration has no name: {given!r}.")
    name = given["name"]
    unknown = sorted(set(given) - KEYS)
    if unknown:
        raise SystemExit(f"The button {name} has an unknown key: {unknown[0]}. Known: {', '.join(sorted(KEYS))}.")
    if ("service" in given) == ("action" in given):
        raise SystemExit(f"The button {name} is to be a service or an action, one of both.")
    if "action" in given and "type" not in given:
        raise SystemExit(f"The button {name} is an action without a type, as nav2_msgs/action/DockRobot.")
    return {"title": name.replace("_", " ").capitalize(), "type": TRIGGER, "fields": {}, **given}


class Buttons:
    """The outcome of each press is in `measured`. ROS answers on a thread of its own."""

    def __init__(self, given: Sequence[Any], measured: dict[str, Any]):
        self._buttons = {button["name"]: button for button in map(button_of, given)}
        self._measured = measured
        self._presses: dict[str, Callable[[], None]] = {}
        self._lock = threading.Lock()
        self._stops = 0
        self._goals: list[Any] = []

    def open(self, ros: Any, node: Any) -> None:
        for name, button in self._buttons.items():
            if "service" in button:
                self._presses[name] = self._service(name, *ros.service(node, button["service"], button["type"], button["fields"]))
            else:
                self._presses[name] = self._action(name, *ros.action(node, button["action"], button["type"], button["fields"]))

    def press(self, name: str) -> None:
        self._presses[name]()

    def stop(self) -> None:
        """Cancels every goal, and those that are accepted from now on though they were asked for before."""
        with self._lock:
            self._stops += 1
            goals, self._goals = self._goals, []
        for goal in goals:
            goal.cancel_goal_async()

    def _tell(self, name: str, became: str) -> None:
        with self._lock:
            self._measured["buttons"] = {**self._measured.get("buttons", {}), name: became}

    def _service(self, name: str, is_ready: Callable[[], bool], call: Callable[..., None]) -> Callable[[], None]:
        def done(answer: Any) -> None:
            # SetBool and Trigger say whether they did it; other services say nothing of it.
            succeeded = getattr(answer, "success", True)
            self._tell(name, "done" if succeeded else f"failed: {getattr(answer, 'message', '')}")

        def press() -> None:
            if not is_ready():
                self._tell(name, "the service is not there")
                return
            self._tell(name, "asked")
            call(done)

        return press

    def _action(self, name: str, is_ready: Callable[[], bool], send: Callable[..., None]) -> Callable[[], None]:
        def press() -> None:
            if not is_ready():
                self._tell(name, "the action is not there")
                return
            stops = self._stops

            def accepted(goal: Any) -> None:
                if goal is None:
                    self._tell(name, "refused")
                    return
                with self._lock:
                    is_stopped = self._stops != stops
                    if not is_stopped:
                        self._goals.append(goal)
                if is_stopped:
                    goal.cancel_goal_async()
                self._tell(name, "stopped" if is_stopped else "under way")

            def done(status: int) -> None:
                self._tell(name, {SUCCEEDED: "done", CANCELED: "stopped"}.get(status, "failed"))

            self._tell(name, "asked")
            send(accepted, done)

        return press
