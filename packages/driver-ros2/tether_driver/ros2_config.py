"""The configuration of the driver for ROS 2, and what the robot declares by it."""

from __future__ import annotations

from typing import Any, Mapping

from .lines import field, two_wheels
from .ros2_button import button_of

DEFAULTS: Mapping[str, Any] = {
    "node": "tether_driver",
    "command": {"topic": "cmd_vel", "stamped": False, "frame": "base_link", "rate_hz": 20.0},
    "limits": {"linear": 1.0, "angular": 1.5, "lateral": 0.0},
    "buttons": [],
    "odometry": "odom",
    "battery": "battery_state",
    "diagnostics": "diagnostics",
    "pose": {"map": "map", "base": "base_link"},
}

POSE = (("x", "East", "m"), ("y", "North", "m"), ("heading", "Heading", "rad"))


def merged(defaults: Mapping[str, Any], given: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """The given values over the defaults. A key that no default has is refused by its name: it is most likely misspelled."""
    unknown = set(given) - set(defaults)
    if unknown:
        raise SystemExit(f"The configuration has an unknown key: {path}{sorted(unknown)[0]}. Known: {', '.join(defaults)}.")
    result = dict(defaults)
    for key, value in given.items():
        nested = isinstance(defaults[key], Mapping) and isinstance(value, Mapping)
        result[key] = merged(defaults[key], value, f"{path}{key}.") if nested else value
    return result


def declaration_of(config: Mapping[str, Any]) -> dict[str, Any]:
    """The declaration of the robot, for the page and for the guard. A robot that can go sideways is holonomic."""
    most = config["limits"]
    axes, kind = two_wheels(most["linear"], most["angular"]), "differential"
    if most["lateral"] > 0:
        kind = "holonomic"
        axes.append({"name": "lateral", "unit": "m/s", "least": -most["lateral"], "most": most["lateral"], "title": "Sideways, left"})
    telemetry = [
        *([field("battery.percent", "Battery", "%"), field("battery.voltage", "Voltage", "V")] if config["battery"] else []),
        *([field("velocity.linear", "Speed", "m/s"), field("velocity.angular", "Turning", "rad/s")] if config["odometry"] else []),
        *([field(f"pose.{name}", title, unit) for name, title, unit in POSE] if config["pose"] else []),
        *(field(f"buttons.{button['name']}", button["title"]) for button in map(button_of, config["buttons"])),
    ]
    buttons = [{"name": button["name"], "title": button["title"]} for button in map(button_of, config["buttons"])]
    return {"robot": {"kind": kind, "axes": axes, "buttons": buttons, "telemetry": telemetry}}


def read_config(path: str | None) -> dict[str, Any]:
    if path is None:
        return merged(DEFAULTS, {})
    import yaml

    try:
        with open(path, encoding="utf-8") as file:
            given = yaml.safe_load(file) or {}
    except OSError as error:
        raise SystemExit(f"The configuration cannot be read: {error}.") from error
    except yaml.YAMLError as error:
        raise SystemExit(f"{path} is no YAML: {error}") from error
    if not isinstance(given, Mapping):
        raise SystemExit(f"{path} holds no keys. See config/tether.yaml.")
    return merged(DEFAULTS, given)
