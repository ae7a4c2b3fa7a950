import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { RobotId, RobotSessionId } from "@tether/protocol/id";
import type { TestContext } from "vitest";
import { realClock } from "../../local/src/clock/real.ts";
import type { Connection } from "../../local/src/conform/connection.ts";
import { robot } from "../../local/src/conform/server.ts";
import { code, type Service, session, startService } from "../../local/src/conform/service.ts";
import { createWatch } from "../../local/src/conform/watch.ts";

export const patience = { ms: 60_000 };
let folders = 0;

type Built = { readonly path: string; readonly folder: string };
type Options = { readonly folder?: string; readonly code?: string; readonly state?: Partial<Service["state"]> };

/** The program `robot`, and a broker that does what the test tells it. */
export async function startRobot(built: Built, finished: TestContext["onTestFinished"], options: Options = {}) {
  const service = await startService({ clock: realClock });
  Object.assign(service.state, options.state);
  folders += 1;
  const folder = options.folder ?? join(built.folder, `robot-${folders}`);
  const child = spawn(built.path, [folder, service.origin, options.code ?? code], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const told = createWatch<{ hook: string; text: string }>(realClock);
  createInterface({ input: child.stdout }).on("line", (line) => told.put(JSON.parse(line)));
  finished(async () => {
    child.kill("SIGKILL");
    await ended;
    await service.stop();
  });
  return {
    service,
    folder,
    say: (line: string) => child.stdin.write(`${line}\n`),
    told: (hook: string, from = 0) => told.until(hook, (one) => one.hook === hook, { ...patience, from }),
    all: told.all,
    /** The program gives its session up, and ends: its status is not 0 where it lost memory. */
    async end() {
      child.stdin.end();
      return (await ended)[0];
    },
    async connected(from = 0): Promise<Connection> {
      const connection = await service.connections.until("a connection", () => true, { ...patience, from });
      await connection.frame("hello", patience);
      return connection;
    },
    welcome(connection: Connection, { lifeMs = 7_200_000, leaseMs = 14_400_000 } = {}) {
      connection.say({
        type: "welcome",
        session: { id: RobotSessionId.parse(session), epoch: connection.epoch, resumed: false },
        robot: RobotId.parse(robot),
        serverTime: service.now(),
        deadlines: { authExpiresAt: service.now() + leaseMs, connectionEndsAt: service.now() + lifeMs },
        peers: [],
        iceServers: [],
      });
    },
  };
}
