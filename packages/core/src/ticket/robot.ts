import type { PublicKey, TicketUse } from "@tether/protocol/http";
import type { KeyId, RobotId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import { type Problem, problem } from "@tether/protocol/problem";
import type { Clock } from "../clock.ts";
import type { Ids } from "../id.ts";
import { fromItem } from "../session/read.ts";
import type { Store } from "../store/index.ts";
import { once } from "../store/once.ts";
import { type Issued, issue } from "./issue.ts";
import type { KeyRing } from "./key-ring.ts";

type Env = { store: Store; clock: Clock; ids: Ids; ring: KeyRing };

/** What an assertion says before its signature is checked. `expiresAt` in ms. */
export type Asserted = { readonly robotId: RobotId; readonly kid: KeyId; readonly jti: string; readonly expiresAt: number };

/** An assertion's id is kept a while longer than the assertion may live, so that no clock can bring it back. */
const keptMs = 10 * 60_000;

/**
 * A ticket for a robot that proved its key. One read, one write: the assertion's id, so that it is good once.
 * `verify` checks the signature and the claims against the registered key.
 */
export async function forRobot(
  env: Env,
  asserted: Asserted,
  verify: (key: PublicKey) => Problem | undefined | Promise<Problem | undefined>,
  use: TicketUse,
): Promise<Issued | Problem> {
  const { robotId, kid, jti } = asserted;
  const { data } = await env.store.transaction
    .get(({ robot, credential, session }) => [
      robot.get({ robotId }).commit(),
      credential.get({ robotId, kid }).commit(),
      session.get({ robotId, slot: "robot" }).commit(),
    ])
    .go();
  const [robot, credential, place] = data.map(({ item }) => item) as [object | null, Credential | null, object | null];
  // An unknown robot and an unknown key read the same to who holds neither.
  if (!robot || !credential || !usable.has(credential.state)) return problem("assertion.key");
  const refused = await verify(credential.publicKey);
  if (refused) return refused;
  const ttl = Math.ceil((asserted.expiresAt + keptMs) / 1000);
  const used = await once(env.store.entities.usedAssertion.create({ robotId, jti, ttl }).go());
  if (used === "refused") return problem("assertion.replayed");
  const session = place ? fromItem(place) : undefined;
  if (use === "renew" && !session) return problem("session.unknown");
  return issue(env, session, {
    use,
    robotId,
    principal: { type: "robot", kid },
    authExpiresAt: env.clock.now() + limits.auth.leaseMs,
    graceMs: limits.session.robotGraceMs,
  });
}

type Credential = { state: string; publicKey: PublicKey };
const usable: ReadonlySet<string> = new Set(["pending", "active", "retiring"]);
