import { randomBytes } from "node:crypto";
import type { Log } from "@tether/aws/invocation";
import { parseControlKeys } from "@tether/core/control";
import { parseKeyRing } from "@tether/core/ticket";
import type { Platform } from "@tether/sdk/client";
import { createClockControl } from "./clock/control.ts";
import { tellDate } from "./clock/date.ts";
import { createDrivenClock } from "./clock/driven.ts";
import { trackedFetch } from "./clock/fetch.ts";
import { createQuiet } from "./clock/quiet.ts";
import { nextTurn, realClock } from "./clock/real.ts";
import { trackedSocket } from "./clock/socket.ts";
import { createConsole } from "./console.ts";
import type { Fault } from "./fault/fault.ts";
import { type Keep, keepIn, keepInMemory } from "./keep.ts";
import { type System, startSystem } from "./system.ts";

export type LocalOptions = {
  readonly port: number;
  /** Without it nothing outlives the process. */
  readonly dataDir?: string | undefined;
  readonly dynamodb?: string | undefined;
  readonly faults?: readonly Fault[];
  readonly log: Log;
  /** `virtual`: goes with the machine's, and can be sent ahead over HTTP. */
  readonly clock?: "real" | "virtual";
};

/** A running system, and the world that ends in the same process share with it. */
export type Local = System & { readonly platform: Pick<Platform, "clock" | "fetch" | "socket"> | undefined };

/** The system on the machine's own randomness, with secrets that it makes for itself. */
export async function startLocal({ port, dataDir, dynamodb, faults = [], log, clock = "real" }: LocalOptions): Promise<Local> {
  const keep = (name: string): Keep => (dataDir === undefined ? keepInMemory() : keepIn(dataDir, name));
  const time = clock === "virtual" ? virtualTime() : undefined;
  let site: ReturnType<typeof createConsole> | undefined;
  const system = await startSystem({
    port,
    clock: realClock,
    realClock,
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    ring: parseKeyRing(await secretIn(keep("ticket-ring"))),
    controlKeys: parseControlKeys(await secretIn(keep("control-keys"))),
    identityKeys: keep("identity-keys"),
    log,
    ...time?.options,
    also: { handle: (request, response) => (time?.options.also.handle(request, response) || site?.handle(request, response)) ?? false },
    ...(dataDir !== undefined && { dataDir }),
    ...(dynamodb !== undefined && { dynamodb }),
  });
  site = createConsole(system);
  system.faults.set(faults);
  return {
    ...system,
    platform: time?.platform,
    async stop() {
      time?.stop();
      await system.stop();
    },
  };
}

/** A clock that can be sent ahead, for all in this process, and what is needed to know when it may move on. */
function virtualTime() {
  const quiet = createQuiet({ clock: realClock, turn: nextTurn });
  const driven = createDrivenClock({ real: realClock, idle: () => quiet.idle() });
  const undo = tellDate(driven);
  return {
    options: { clock: driven, quiet, also: createClockControl(driven) },
    platform: {
      clock: driven,
      fetch: trackedFetch(quiet, globalThis.fetch),
      socket: (url: string, protocols: readonly string[]) => trackedSocket(quiet, url, [...protocols]),
    },
    stop() {
      driven.stop();
      undo();
    },
  };
}

async function secretIn(keep: Keep): Promise<string> {
  const kept = await keep.load();
  if (typeof kept === "string") return kept;
  const made = `local:${randomBytes(32).toString("base64url")}`;
  await keep.save(made);
  return made;
}
