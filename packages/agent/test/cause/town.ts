import type { Line as LogLine } from "@tether/aws/invocation";
import { type Random, seededRandom } from "@tether/local/fault/random";
import type { Cause } from "@tether/protocol/cause";
import type { FromBroker } from "@tether/protocol/frame";
import type { RobotId } from "@tether/protocol/id";
import { openWorld, operator, owner, viewer, type World } from "../../../local/test/world/open-world.ts";
import { createLedger, type Ledger } from "./ledger.ts";

export const second = 1_000;
export const minute = 60 * second;

/** A frame that tells an end why something is over. */
type Word = { readonly at: number; readonly frame: Extract<FromBroker, { type: "peer.away" | "peer.ended" }> };

type Claims = { readonly sessionId: string; readonly robotId: string; readonly kind: "robot" | "client"; readonly epoch: number };

/** The world with its truth: what was done is in `ledger`, what ends were told in `words`. All that is drawn at random comes of one seed; what happens at the same moment may come in another order. */
export type Town = Awaited<ReturnType<typeof openTown>>;

export async function openTown(seed: number) {
  const draw: Random = seededRandom(seed);
  const another = () => Math.floor(draw() * 2 ** 31);
  const bytes = seededRandom(another());
  let transitions = 0;
  const world: World = await openWorld({
    seed: another(),
    random: { bytes: (length) => Uint8Array.from({ length }, () => Math.floor(bytes() * 256)) },
    sweepsWhereDue: true,
    // A long run would not fit into the memory with all its lines.
    log: (_: LogLine) => {
      transitions += 1;
    },
  });
  const ledger: Ledger = createLedger(world.clock.now);
  const words: Word[] = [];
  const robots: RobotId[] = [];
  const connections = (matches: (claims: Claims) => boolean) =>
    world.system.gateway.connections.list().flatMap(({ connectionId, authorizer, connectedAt }) => {
      const claims = JSON.parse(String(authorizer.claims)) as Claims;
      return matches(claims) ? [{ connectionId, connectedAt, ...claims }] : [];
    });

  return {
    world,
    ledger,
    words,
    robots,
    draw,
    another,
    lines: () => transitions,
    pick: <T>(items: readonly T[]): T => items[Math.floor(draw() * items.length)] as T,
    pause: (ms: number) => new Promise<void>((resolve) => void world.clock.after(ms, resolve)),
    heard(frame: FromBroker): void {
      if (frame.type === "peer.away" || frame.type === "peer.ended") words.push({ at: world.clock.now(), frame });
    },
    connections,
    /** Something cuts off all connections of a session; by a reset that the gateway sees, or in silence. */
    cut(session: string, cause: Cause, how: "reset" | "silence" | "replace" | "nothing"): void {
      const found = connections(({ sessionId }) => sessionId === session);
      ledger.cut(
        session,
        found.map(({ epoch }) => epoch),
        cause,
      );
      const { gateway } = world.system;
      for (const { connectionId } of found) {
        if (how === "reset") gateway.connections.cut(connectionId);
        if (how === "silence") gateway.connections.stall(connectionId);
        if (how === "replace") gateway.connections.replace(connectionId);
      }
    },
    async createRobot(): Promise<RobotId> {
      const { body } = await world.call<{ id: RobotId }>("POST", "/v1/robots", { as: owner, body: { name: "Rover" } });
      robots.push(body.id);
      for (const [to, role] of [
        [operator, "operator"],
        [viewer, "viewer"],
      ])
        await world.call("PUT", `/v1/robots/${body.id}/grants`, { as: owner, body: { to: `email:${to}`, role } });
      return body.id;
    },
    async codeFor(robot: RobotId): Promise<string> {
      return (await world.call<{ code: string }>("POST", `/v1/robots/${robot}/enrollments`, { as: owner })).body.code;
    },
  };
}
