import type { PublicKey } from "@tether/protocol/http";
import { TimelinePage } from "@tether/protocol/http";
import { RobotId } from "@tether/protocol/id";
import type { System } from "./system.ts";

/** The seeded users' part of the API, as a program uses it. */
export interface Setup {
  /** Creates the robot, or finds the one that the same key made before; registers its public key; lets operator and viewer in. */
  robot(name: string, publicKey: PublicKey, idempotencyKey?: string): Promise<RobotId>;
  token(user: string): Promise<string>;
  timeline(robot: RobotId): Promise<TimelinePage["items"]>;
}

const at = (name: string) => `${name}@tether.local`;

export function createSetup({ origin, identity, faults }: Pick<System, "origin" | "identity" | "faults">): Setup {
  const token = async (user: string) => (await identity.tokensFor(at(user))).idToken;

  async function call(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<unknown> {
    const response = await fetch(`${origin}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${await token("owner")}`, "content-type": "application/json", ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as { title?: string; detail?: string };
    if (!response.ok) throw new Error(`${method} ${path}: ${answer.title} ${answer.detail}`);
    return answer;
  }

  /** The set-up comes before the cloud's faults, which strike only what is tried with it. */
  async function faultless<T>(work: () => Promise<T>): Promise<T> {
    const inForce = faults.list();
    faults.set([]);
    try {
      return await work();
    } finally {
      faults.set(inForce);
    }
  }

  return {
    token,
    robot: (name, publicKey, idempotencyKey) =>
      faultless(async () => {
        const made = (await call(
          "POST",
          "/robots",
          { name },
          idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey },
        )) as {
          id: string;
        };
        const id = RobotId.parse(made.id);
        await call("POST", `/robots/${id}/credentials`, { publicKey });
        for (const role of ["operator", "viewer"]) await call("PUT", `/robots/${id}/grants`, { to: `email:${at(role)}`, role });
        return id;
      }),
    async timeline(robot) {
      return TimelinePage.parse(await call("GET", `/robots/${robot}/timeline`)).items;
    },
  };
}
