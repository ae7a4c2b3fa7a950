"""Reads recordings of the TypeScript guard, a line each, and answers each with `same` or with where this guard decides otherwise."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from math import inf
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from tether_robot.guard import event as on  # noqa: E402
from tether_robot.guard.deadline import next_deadline  # noqa: E402
from tether_robot.guard.machine import next_state  # noqa: E402
from tether_robot.guard.state import Broadcast, Drive, Effect, Outcome, Permit, Send, Stopped, initial  # noqa: E402


def permit_of(told: dict[str, Any] | None) -> Permit | None:
    if told is None:
        return None
    return Permit(
        told["robot"], told["session"], told["user"], told["epoch"], told["issuedAt"], told["expiresAt"],
        told["deadmanMs"], told["maxAgeMs"], told.get("blindMs"), told.get("stopMs"), told.get("maxLinear"),
        told.get("maxAngular"),
    )  # fmt: skip


def notice_of(told: dict[str, Any] | None) -> on.Notice | None:
    return None if told is None else on.Notice(told["epoch"], told.get("session"), told["released"])


def event_of(told: dict[str, Any]) -> on.Event:
    at, pair = told["at"], told.get("pair", 0)
    match told["type"]:
        case "permitShown":
            return on.PermitShown(at, pair, told["session"], permit_of(told.get("permit")))
        case "commanded":
            picture = told.get("pictureAt")
            return on.Commanded(at, pair, told["epoch"], told["seq"], told["sentAt"], picture, None)
        case "stopOrdered":
            press = told.get("press")
            if press is None:
                return on.StopOrdered(at)
            return on.StopOrdered(at, press["name"], press["way"], press["isOnce"])
        case "channelsOpened":
            return on.ChannelsOpened(at, pair)
        case "resumed":
            return on.Resumed(at, pair, told["epoch"], told["stop"], told["seq"])
        case "clockSampled":
            return on.ClockSampled(at, pair, told["t0"], told["t1"])
        case "channelsClosed":
            return on.ChannelsClosed(at, pair)
        case "welcomed":
            return on.Welcomed(at, told["serverTime"], notice_of(told.get("notice")))
        case "noticed":
            notice = notice_of(told["notice"])
            assert notice is not None
            return on.Noticed(at, notice)
        case "signallingLost":
            return on.SignallingLost(at)
        case "stopDone":
            return on.StopDone(at, told["turn"])
        case "driverFailed":
            return on.DriverFailed(at)
        case "latchWritten":
            return on.LatchWritten(at, told["kept"])
        case "pictureAnnounced":
            return on.PictureAnnounced(at)
        case "due":
            return on.Due(at)
        case "sessionEnded":
            return on.SessionEnded(at)
    raise ValueError(told["type"])


def camel(value: Any) -> Any:
    """A record as JavaScript names and writes it: what is undefined there is left out, but for bounds."""
    words = {"ms": "Ms"}
    parts = {name: name.split("_") for name in value}
    return {p[0] + "".join(words.get(w, w.capitalize()) for w in p[1:]): value[n] for n, p in parts.items()}


def effect_of(effect: Effect) -> dict[str, Any]:
    match effect:
        case Send(pair, message):
            return {"type": "send", "pair": pair, "message": message}
        case Broadcast(message):
            return {"type": "broadcast", "message": message}
        case Drive(_, obeyed, bounds):
            told = {name: value for name, value in camel(asdict(obeyed)).items() if value is not None}
            return {"type": "command", "obeyed": told, "bounds": camel(asdict(bounds))}
        case Stopped(reason, latency, stop, stages):
            told = {"type": "stopped", "reason": reason, "latencyMs": latency, "stages": list(stages)}
            return told if stop is None else {**told, "stop": stop}


def decision_of(outcome: Outcome) -> dict[str, Any]:
    state, effects = outcome
    due = next_deadline(state)
    holder = state.holder
    return {
        "state": state.name,
        "due": None if due == inf else due,
        "reason": state.reason if state.name == "stopping" else None,
        "fence": [state.fence.epoch, state.fence.session, state.fence.seq],
        "order": [state.order.number, state.order.latched, state.order.kept],
        "turn": state.turn,
        "holder": None
        if holder is None or state.name == "ended"
        else [holder.pair, holder.session, holder.epoch, holder.age_ms, dict(holder.dropped)],
        "effects": [effect_of(effect) for effect in effects],
    }


def compare(recording: dict[str, Any]) -> str:
    state = initial(recording["robot"])
    for at, step in enumerate(recording["steps"]):
        outcome = next_state(state, event_of(step["event"]))
        state = outcome[0]
        decided = decision_of(outcome)
        if decided != step["decision"]:
            wrong = [key for key in decided if decided[key] != step["decision"][key]]
            told = {key: [step["decision"][key], decided[key]] for key in wrong}
            return f"step {at}, {json.dumps(step['event'])}: {json.dumps(told)}"
    return "same"


def main() -> None:
    for line in sys.stdin:
        print(compare(json.loads(line)), flush=True)


if __name__ == "__main__":
    main()
