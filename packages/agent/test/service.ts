import { createSetup } from "@tether/local/setup";
import { type LocalOptions, startLocal } from "@tether/local/start";
import type { System } from "@tether/local/system";
import { EnrollmentCode, Robot } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import { onTestFinished } from "vitest";

/** The actions of a robot's owner, over the real API. */
export function ownerOf(system: Pick<System, "origin" | "identity" | "faults">) {
  const { token } = createSetup(system);

  async function call(method: string, path: string, body?: object): Promise<unknown> {
    const headers = { authorization: `Bearer ${await token("owner")}`, "content-type": "application/json" };
    const answer = await fetch(`${system.origin}/v1${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  return {
    createRobot: async (name = "Rover") => Robot.parse(await call("POST", "/robots", { name })).id,
    codeFor: async (robot: RobotId) => EnrollmentCode.parse(await call("POST", `/robots/${robot}/enrollments`)).code,
    revoke: (robot: RobotId, kid: string) => call("DELETE", `/robots/${robot}/credentials/${kid}?force=true`),
    remove: (robot: RobotId) => call("DELETE", `/robots/${robot}`),
    call,
    token,
  };
}

/** The whole system, by the machine's own clock unless told, for a program that is a process of its own. It ends with the test. */
export async function startService({ clock = "real", log = () => {}, ...more }: Partial<Pick<LocalOptions, "clock" | "log" | "ice">> = {}) {
  const system = await startLocal({ port: 0, clock, log, ...more });
  onTestFinished(() => system.stop());
  return { origin: system.origin, system, ...ownerOf(system) };
}
