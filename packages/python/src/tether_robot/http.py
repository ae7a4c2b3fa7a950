"""A request to the API."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from typing import Any

from .refusal import Refusal, refusal_of

_TIMEOUT_S = 20


def _post(url: str, body: dict[str, Any]) -> tuple[int, dict[str, str], Any]:
    data = json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json"}, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as response:
            return response.status, {k.lower(): v for k, v in response.headers.items()}, _json(response.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, {k.lower(): v for k, v in error.headers.items()}, _json(error.read())


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


async def post(url: str, body: dict[str, Any]) -> Any:
    """The answer's JSON. Raises Refusal."""
    try:
        status, headers, answer = await asyncio.to_thread(_post, url, body)
    except (OSError, ValueError) as error:
        raise Refusal("network.failed", f"The service could not be reached ({type(error).__name__}).", "") from None
    if 200 <= status < 300 and isinstance(answer, dict):
        return answer
    raise refusal_of(status, headers, answer)
