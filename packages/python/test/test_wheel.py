"""The wheel has what the package needs, and is the same each time."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import zipfile
from pathlib import Path

BUILD = Path(__file__).parent.parent / "build" / "wheel.py"


def test_wheel(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("tether_wheel", BUILD)
    assert spec and spec.loader
    backend = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(backend)
    folders = [tmp_path / "one", tmp_path / "two"]
    made = []
    for folder in folders:
        folder.mkdir()
        made.append(folder / backend.build_wheel(str(folder)))
    assert made[0].read_bytes() == made[1].read_bytes()
    with zipfile.ZipFile(made[0]) as wheel:
        names = wheel.namelist()
        assert {"tether_robot/__init__.py", "tether_robot/py.typed", "tether_robot/guard/machine.py"} <= set(names)
        record = next(name for name in names if name.endswith("/RECORD"))
        for line in wheel.read(record).decode().splitlines():
            name, digest, _ = line.split(",")
            if name != record:
                data = hashlib.sha256(wheel.read(name)).digest()
                assert digest == "sha256=" + base64.urlsafe_b64encode(data).rstrip(b"=").decode()
