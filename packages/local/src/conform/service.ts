import { normalCode } from "@tether/protocol/enrollment-code";
import type { FromBroker } from "@tether/protocol/frame";
import type { PublicKey } from "@tether/protocol/http";
import { limits } from "@tether/protocol/limits";
import type { ProblemCode } from "@tether/protocol/problem";
import type { Clock } from "../clock/clock.ts";
import { createSigner, thumbprint } from "./keys.ts";
import { type Answer, type Request, robot, startServer, unchanged } from "./server.ts";

export const code = "7K3M-Q2N8-VX4T-B6YR-0HZ9-CWD5-EFGJ";
export const session = "rse_01J00000000000000000000000";

const partOf = (jws: unknown, at: number) => JSON.parse(Buffer.from(String(jws).split(".")[at] ?? "", "base64url").toString() || "{}");

type Held = { readonly kid: string; readonly key: PublicKey; state: "pending" | "active" | "retiring" };

/** A broker that does what a case tells it, also what no broker should: it signs what it is asked to, and loses what it is to lose. */
export async function startService({ clock }: { clock: Clock }) {
  const keys: Held[] = [];
  const signer = createSigner("key-1");
  const state = { epoch: 0, ...unchanged, rotateAfter: 4e12 };
  const server = await startServer({ clock, state, handle });
  const { origin, asked, connections, now, issue, stop } = server;

  const credential = ({ kid, state: of }: Held) => ({ kid, state: of, registeredAt: now(), registeredBy: "conform", activatedAt: now() });

  function handle({ path, body }: Request, answer: Answer): ProblemCode | undefined {
    const dated = Number(partOf(body.assertion ?? body.proof, 1).iat) * 1_000;
    if (!(Math.abs(dated - now()) < limits.assertion.skewMs)) return "assertion.clock";
    if (path === "/v1/enrollments/redeem") {
      if (normalCode(String(body.code)) !== normalCode(code)) return "enrollment.invalid";
      const key = body.publicKey as PublicKey;
      const held: Held = { kid: thumbprint(key), key, state: "active" };
      keys.splice(0, keys.length, held);
      return answer({ robot: { id: robot, name: "Target" }, credential: credential(held), api: { origin }, serverTime: now() });
    }
    if (path === `/v1/robots/${robot}/credentials`) {
      const key = body.publicKey as PublicKey;
      const held: Held = { kid: thumbprint(key), key, state: "pending" };
      if (!keys.some(({ kid }) => kid === held.kid)) keys.push(held);
      return answer(credential(held));
    }
    if (path !== "/v1/tickets/robot") return "route.unknown";
    const by = keys.find(({ kid }) => kid === partOf(body.assertion, 0).kid);
    if (!by) return "assertion.key";
    if (by.state === "pending") {
      for (const key of keys) if (key.state === "active") key.state = "retiring";
      by.state = "active";
      state.rotateAfter = 4e12;
    }
    return answer({
      ...issue(String(body.use ?? "connect")),
      session: { id: session, epoch: state.epoch + 1, resumed: state.epoch > 0 },
      credential: { kid: by.kid, rotateAfter: state.rotateAfter, expiresAt: 4e12 },
    });
  }

  const post = (frame: FromBroker) => connections.all.at(-1)?.say(frame);
  return { origin, asked, connections, keys, signer, state, now, post, stop };
}

export type Service = Awaited<ReturnType<typeof startService>>;
