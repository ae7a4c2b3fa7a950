"""Why the service refused, and whether asking again may help. E3.1, E7, E11"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping

_FINAL = {400, 401, 403, 404, 410, 413, 422}
_PASSING = {"assertion.expired", "assertion.replayed"}


@dataclass(frozen=True, slots=True)
class Refusal(Exception):
    code: str
    says: str
    remedy: str
    is_final: bool = False
    after_ms: float = 0
    server_time: float | None = None

    def __str__(self) -> str:
        return f"{self.code}: {self.says} {self.remedy}"


class Final(Exception):
    """The robot must stay down. E3"""


def refusal_of(status: int, headers: Mapping[str, str], body: Any) -> Refusal:
    after_ms = _after_ms(headers.get("retry-after"))
    is_problem = isinstance(body, dict) and all(isinstance(body.get(key), str) for key in ("code", "title", "detail"))
    if not is_problem:
        # An answer of a proxy before the service says nothing about this robot.
        return Refusal("answer.invalid", f"The answer with status {status} is not this service's.", "", False, after_ms)
    code = body["code"]
    is_final = code == "session.superseded" or (status in _FINAL and code not in _PASSING)
    return Refusal(code, body["title"], body["detail"], is_final, after_ms, body.get("serverTime"))


def _after_ms(header: str | None) -> float:
    """What is no number waits for nothing, and no header keeps a robot away for good."""
    try:
        seconds = float(header or 0)
    except ValueError:
        return 0
    return min(seconds, 300) * 1_000 if seconds > 0 else 0
