"""Codes for one use, in the form in which they are hashed. N1, N3.1"""

from __future__ import annotations

import hashlib
import re

from .jws import base64url

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 28


def normal_code(text: str) -> str | None:
    """Capitals without groups, with the letters that people take for digits made digits. None for what is no code."""
    letters = re.sub(r"[\s-]", "", text.upper()).translate(str.maketrans("OIL", "011"))
    return letters if len(letters) == LENGTH and all(letter in ALPHABET for letter in letters) else None


def hash_of_code(text: str) -> str | None:
    """The code's SHA-256 in base64url, which its proof names."""
    normal = normal_code(text)
    return None if normal is None else base64url(hashlib.sha256(normal.encode("ascii")).digest())
