import type { RobotId } from "@tether/protocol/id";
import { attach, type ClientSession } from "@tether/sdk/client";
import { createLine, startProcess } from "./process.ts";
import { second, type Town } from "./town.ts";

/** An operator's page, with what its browser keeps over a reload. */
export type Tab = ReturnType<typeof openTab>;

type Options = {
  /** There is one token that lives so long, and no other. */
  readonly lifeMs?: number;
};

export function openTab(town: Town, robot: RobotId, as: string, { lifeMs }: Options = {}) {
  const { world } = town;
  const line = createLine();
  let kept: string | undefined;
  let only: Promise<string> | undefined;
  let process = startProcess(world, line, { seed: town.another(), browser: true, heard: town.heard });
  let session = load();

  async function token(): Promise<string> {
    const sign = async () => (await world.system.identity.tokensFor(as, lifeMs === undefined ? {} : { lifeMs })).idToken;
    if (lifeMs === undefined) return sign();
    only ??= sign();
    return only;
  }

  function load(): ClientSession {
    return attach({
      api: world.system.origin,
      robot,
      platform: process.platform,
      token,
      resume: {
        load: () => kept,
        save(id) {
          kept = id;
        },
      },
    });
  }

  const isOnline = () => session.status === "online" && line.isUp;
  const id = () => String(session.id);

  return {
    robot,
    as,
    line,
    id,
    isOnline,
    status: () => session.status,
    async online(): Promise<boolean> {
      for (let waited = 0; waited < 300 && !isOnline() && session.status !== "stopped"; waited++) await town.pause(second);
      return isOnline();
    },
    talk(): void {
      for (const { session: to } of session.peers) session.send(to, { kind: "app", body: "hello" });
    },
    /** The browser says that its network is back. */
    wake: () => session.wake(),
    leave(): Promise<void> {
      town.ledger.end(id(), "client.left");
      return session.leave("done");
    },
    /** Closes the page, or leaves it for another one. */
    close(): void {
      if (line.isUp) town.cut(id(), "connection.closed", "nothing");
      session.close();
      process.kill();
    },
    /** The browser is killed, so no page of it says a word. */
    kill(): void {
      process.kill();
      town.cut(id(), "connection.closed", "reset");
    },
    reload(): void {
      town.cut(id(), "connection.closed", "nothing");
      session.close();
      process.kill();
      process = startProcess(world, line, { seed: town.another(), browser: true, heard: town.heard });
      session = load();
    },
    /** Ends without the ledger: the session is over already, or the run is. */
    dispose(): void {
      session.close();
      process.kill();
    },
  };
}
