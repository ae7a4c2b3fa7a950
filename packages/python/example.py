"""A robot with wheels, in 20 lines: python3 example.py FOLDER [API CODE]"""

import asyncio
import sys
from pathlib import Path

from tether_robot import Driver, Robot
from tether_robot.aiortc_peer import connect_with


async def main(folder: str, *enrollment: str) -> None:
    async def stop(reason: str) -> None:
        print("wheels: 0, 0:", reason, flush=True)

    driver = Driver(command=lambda command, how: print("wheels:", command, flush=True), stop=stop)
    robot = Robot(Path(folder), driver, connect_with(), log=lambda line: print(line, file=sys.stderr, flush=True))
    if enrollment:
        await robot.enroll(*enrollment)
    await robot.run()


asyncio.run(main(*sys.argv[1:]))
