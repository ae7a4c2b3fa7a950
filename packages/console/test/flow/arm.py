"""An arm as a driver program: it says what it was told, and declares what its first argument says."""

import json
import sys

joints = {}
lift = 0


def say(**message):
    print(json.dumps(message), flush=True)


for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "start":
        say(**json.loads(sys.argv[1]))
    elif message["type"] == "command":
        joints = message["command"]
        lift = joints.get("lift", lift)
    elif message["type"] == "press":
        say(type="log", says="pressed " + message["button"])
    elif message["type"] == "stop":
        joints = {name: 0 for name in joints}
        say(type="log", says="stopped " + message["reason"])
    say(type="telemetry", telemetry={"battery": {"percent": 71}, "joints": joints, "lift": lift})
    say(type="done", id=message["id"])
