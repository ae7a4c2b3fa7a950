"""Keys, assertions, proofs and permits: compact JWS with Ed25519 and P-256. SPEC A2, K1, N3, D3, R1"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from typing import Any, Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from .guard.state import Permit
from .limits import ASSERTION_LIFE_S

Jwk = Mapping[str, str]


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text) or len(text) % 4 == 1:
        raise ValueError("This is not base64url.")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


class Key:
    """A robot's private key, as the private JWK that it is kept as."""

    def __init__(self, jwk: Jwk) -> None:
        self.jwk = dict(jwk)
        self.alg = "EdDSA" if jwk["kty"] == "OKP" else "ES256"
        secret = from_base64url(jwk["d"])
        self._ed = ed25519.Ed25519PrivateKey.from_private_bytes(secret) if self.alg == "EdDSA" else None
        self._ec = None if self._ed else ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1())

    @staticmethod
    def make(algorithm: str = "ed25519") -> Key:
        """Makes a new key, `ed25519` or `p-256`."""
        if algorithm == "p-256":
            made = ec.generate_private_key(ec.SECP256R1()).private_numbers()
            x, y, d = (base64url(n.to_bytes(32, "big")) for n in _coordinates(made))
            return Key({"kty": "EC", "crv": "P-256", "x": x, "y": y, "d": d})
        private = os.urandom(32)
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        key = ed25519.Ed25519PrivateKey.from_private_bytes(private)
        public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return Key({"kty": "OKP", "crv": "Ed25519", "x": base64url(public), "d": base64url(private)})

    @property
    def public(self) -> dict[str, str]:
        return {name: self.jwk[name] for name in ("kty", "crv", "x", "y") if name in self.jwk}

    @property
    def kid(self) -> str:
        return thumbprint(self.public)

    def sign(self, header: Mapping[str, Any], payload: Mapping[str, Any]) -> str:
        signed = f"{base64url(_compact(header).encode())}.{base64url(_compact(payload).encode())}"
        if self._ed:
            signature = self._ed.sign(signed.encode())
        else:
            assert self._ec is not None
            r, s = decode_dss_signature(self._ec.sign(signed.encode(), ec.ECDSA(SHA256())))
            signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        return f"{signed}.{base64url(signature)}"


def _coordinates(numbers: ec.EllipticCurvePrivateNumbers) -> tuple[int, int, int]:
    public = numbers.public_numbers
    return public.x, public.y, numbers.private_value


def thumbprint(jwk: Jwk) -> str:
    """RFC 7638: the required members only, in the order of their names, without blanks. K1.1"""
    names = ("crv", "kty", "x", "y") if jwk["kty"] == "EC" else ("crv", "kty", "x")
    return base64url(hashlib.sha256(_compact({name: jwk[name] for name in names}).encode()).digest())


def assertion(key: Key, robot: str, audience: str, at_ms: float, jti: str | None = None) -> str:
    """Proves a robot's key, once and for a minute. `at_ms` is by what is believed to be the server's clock."""
    iat = int(at_ms // 1000)
    claims = {"iss": robot, "sub": robot, "aud": audience, "iat": iat, "exp": iat + ASSERTION_LIFE_S}
    header = {"alg": key.alg, "typ": "JWT", "kid": key.kid}
    return key.sign(header, {**claims, "jti": jti or base64url(os.urandom(16))})


def proof(key: Key, subject: str, audience: str, at_ms: float) -> str:
    """Proves that the private part of a key that is new to the service is at hand."""
    iat = int(at_ms // 1000)
    claims = {"sub": subject, "aud": audience, "iat": iat, "exp": iat + ASSERTION_LIFE_S}
    return key.sign({"alg": key.alg, "typ": "tether-proof+jwt"}, claims)


def _is_signed(jwk: Jwk, signed: bytes, signature: bytes) -> bool:
    try:
        if jwk["kty"] == "OKP":
            ed25519.Ed25519PublicKey.from_public_bytes(from_base64url(jwk["x"])).verify(signature, signed)
            return True
        if len(signature) != 64:
            return False
        numbers = ec.EllipticCurvePublicNumbers(_number(jwk["x"]), _number(jwk["y"]), ec.SECP256R1())
        halves = encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
        numbers.public_key().verify(halves, signed, ec.ECDSA(SHA256()))
        return True
    except (InvalidSignature, ValueError, KeyError):
        return False


def _number(coordinate: str) -> int:
    return int.from_bytes(from_base64url(coordinate), "big")


def is_signed_by(jwk: Jwk, jws: str) -> bool:
    """Whether a compact JWS is signed by the key, whatever it says."""
    parts = jws.split(".")
    try:
        return len(parts) == 3 and _is_signed(jwk, f"{parts[0]}.{parts[1]}".encode(), from_base64url(parts[2]))
    except ValueError:
        return False


def verify_permit(keys: list[dict[str, Any]], permit: str) -> Permit | None:
    """The claims of a permit, if one of the broker's keys signed it. Whether it is valid now is the guard's to say. R1, R1.1"""
    parts = permit.split(".")
    if len(parts) != 3:
        return None
    try:
        header, claims = (json.loads(from_base64url(part)) for part in parts[:2])
        signature = from_base64url(parts[2])
    except (ValueError, RecursionError):
        return None
    if not isinstance(header, dict) or not isinstance(claims, dict) or "crit" in header:
        return None
    if header.get("alg") != "EdDSA" or header.get("typ") != "tether-permit":
        return None
    key = next((one["key"] for one in keys if one["kid"] == header.get("kid")), None)
    if key is None or key["kty"] != "OKP" or not _is_signed(key, f"{parts[0]}.{parts[1]}".encode(), signature):
        return None
    return permit_of(claims)


def _is_int(value: Any) -> bool:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and value == value and abs(value) <= 2**53 - 1 and float(value).is_integer()


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def permit_of(claims: Mapping[str, Any]) -> Permit | None:
    ulid = "[0-7][0-9A-HJKMNP-TV-Z]{25}"
    robot, session, user = (claims.get(name) for name in ("robot", "session", "user"))
    if not isinstance(robot, str) or not re.fullmatch(f"rob_{ulid}", robot):
        return None
    if not isinstance(session, str) or not re.fullmatch(f"cse_{ulid}", session) or not isinstance(user, str):
        return None
    required = [claims.get(name) for name in ("epoch", "issuedAt", "expiresAt", "deadmanMs", "maxAgeMs")]
    if not all(_is_int(value) for value in required) or claims["epoch"] < 1:
        return None
    optional = [claims.get(name) for name in ("blindMs", "stopMs", "maxLinear", "maxAngular")]
    whole, speeds = optional[:2], optional[2:]
    if not all(value is None or _is_int(value) for value in whole):
        return None
    if not all(value is None or _is_number(value) for value in speeds) or claims.get("stopMs", 0) is None:
        return None
    return Permit(robot, session, user, *required, *optional)
