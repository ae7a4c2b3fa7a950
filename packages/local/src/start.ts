import { randomBytes } from "node:crypto";
import type { Log } from "@tether/aws/invocation";
import { parseKeyRing } from "@tether/core/ticket";
import { realClock } from "./clock/real.ts";
import type { Fault } from "./fault/fault.ts";
import { type Keep, keepIn, keepInMemory } from "./keep.ts";
import { type System, startSystem } from "./system.ts";

type LocalOptions = {
  readonly port: number;
  /** Without it nothing outlives the process. */
  readonly dataDir?: string | undefined;
  readonly dynamodb?: string | undefined;
  readonly faults?: readonly Fault[];
  readonly log: Log;
};

/** The system on the machine's own clock and randomness, with secrets that it makes for itself. */
export async function startLocal({ port, dataDir, dynamodb, faults = [], log }: LocalOptions): Promise<System> {
  const keep = (name: string): Keep => (dataDir === undefined ? keepInMemory() : keepIn(dataDir, name));
  const system = await startSystem({
    port,
    clock: realClock,
    realClock,
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    ring: parseKeyRing(await secretIn(keep("ticket-ring"))),
    identityKeys: keep("identity-keys"),
    log,
    ...(dataDir !== undefined && { dataDir }),
    ...(dynamodb !== undefined && { dynamodb }),
  });
  system.faults.set(faults);
  return system;
}

async function secretIn(keep: Keep): Promise<string> {
  const kept = await keep.load();
  if (typeof kept === "string") return kept;
  const made = `local:${randomBytes(32).toString("base64url")}`;
  await keep.save(made);
  return made;
}
