import { ask, open } from "./client.ts";
import { start } from "./robot.ts";

const { api, robot, key, idToken } = JSON.parse(process.argv[2] ?? "");
const { WebSocket: socketOf } = "WebSocket" in globalThis ? globalThis : await import("ws");
const platform = { socket: (url: string, protocols: readonly string[]) => new socketOf(url, [...protocols]) };
const served = await start({ api, robot, key, platform });
const session = open({ api, robot, idToken, platform });
process.stdout.write(`${JSON.stringify(await ask(session))}\n`);
await session.leave();
await served.leave();
process.exit(0);
