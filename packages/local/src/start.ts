import { randomBytes } from "node:crypto";
import { createIce } from "@tether/aws/ice";
import type { Log } from "@tether/aws/invocation";
import { parseControlKeys } from "@tether/core/control";
import { parseKeyRing } from "@tether/core/ticket";
import type { Platform } from "@tether/sdk/client";
import * as z from "zod/mini";
import { createClockControl } from "./clock/control.ts";
import { tellDate } from "./clock/date.ts";
import { createDrivenClock, type DrivenClock } from "./clock/driven.ts";
import { trackedFetch } from "./clock/fetch.ts";
import { createQuiet } from "./clock/quiet.ts";
import { nextTurn, realClock } from "./clock/real.ts";
import { trackedSocket } from "./clock/socket.ts";
import { createConsole } from "./console.ts";
import type { Fault } from "./fault/fault.ts";
import { readKeySet } from "./identity/keys.ts";
import { createInstall } from "./install.ts";
import { type Keep, type Kept, keepIn, keepInMemory, lockDataDir, makeDataDir } from "./keep.ts";
import { type System, startSystem } from "./system.ts";

export type LocalOptions = {
  readonly port: number;
  /** Without it nothing outlives the process. */
  readonly dataDir?: string | undefined;
  readonly dynamodb?: string | undefined;
  readonly faults?: readonly Fault[];
  readonly ice?: string;
  readonly log: Log;
  /** `virtual`: goes with the machine's, and can be sent ahead over HTTP. */
  readonly clock?: "real" | "virtual";
  /** Origins besides its own whose pages may call the API, and show the console in a frame. */
  readonly origins?: readonly string[];
  /** The address by which ends reach it, where something that speaks TLS stands before it. */
  readonly publicOrigin?: string;
};

/** A running system, and the world that ends in the same process share with it. */
export type Local = System & { readonly platform: (Pick<Platform, "fetch" | "socket"> & { readonly clock: DrivenClock }) | undefined };

/** The system on the machine's own randomness, with secrets that it makes for itself. A data directory is one run's at a time. */
export async function startLocal(options: LocalOptions): Promise<Local> {
  const { dataDir } = options;
  if (dataDir === undefined) return startUnlocked(options, () => {});
  await makeDataDir(dataDir);
  const release = lockDataDir(dataDir);
  try {
    return await startUnlocked(options, release);
  } catch (error) {
    release();
    throw error;
  }
}

async function startUnlocked(
  { port, dataDir, dynamodb, faults = [], ice = "", log, clock = "real", origins = [], publicOrigin }: LocalOptions,
  release: () => void,
): Promise<Local> {
  const keep = <Value>(kept: Kept<Value>): Keep<Value> => (dataDir === undefined ? keepInMemory() : keepIn(dataDir, kept));
  const time = clock === "virtual" ? virtualTime() : undefined;
  let site: ReturnType<typeof createConsole> | undefined;
  let install: ReturnType<typeof createInstall> | undefined;
  const system = await startSystem({
    port,
    clock: realClock,
    realClock,
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    ring: parseKeyRing(await secretIn(keep(kept.ticketRing))),
    controlKeys: parseControlKeys(await secretIn(keep(kept.controlKeys))),
    identityKeys: keep(kept.identityKeys),
    ice: createIce(ice, { log }),
    origins,
    ...(publicOrigin !== undefined && { publicOrigin }),
    log,
    ...time?.options,
    also: {
      handle: (request, response) =>
        time?.options.also.handle(request, response) || install?.handle(request, response) || (site?.handle(request, response) ?? false),
    },
    ...(dataDir !== undefined && { dataDir }),
    ...(dynamodb !== undefined && { dynamodb }),
  });
  site = createConsole({ ...system, frames: origins });
  install = createInstall({ origin: system.origin, dataDir });
  system.faults.set(faults);
  return {
    ...system,
    platform: time?.platform,
    async stop() {
      time?.stop();
      install?.stop();
      await system.stop();
      release();
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
      driven.hold();
      undo();
    },
  };
}

/** A secret that a parser of ours takes. */
const secret = (parse: (text: string) => unknown) => (value: unknown) => {
  const text = z.string().parse(value);
  parse(text);
  return text;
};

const kept = {
  ticketRing: { name: "ticket-ring", read: secret(parseKeyRing), loses: "tickets that are not used yet are void" },
  controlKeys: { name: "control-keys", read: secret(parseControlKeys), loses: "whoever drives has to take control again" },
  identityKeys: { name: "identity-keys", read: readKeySet, loses: "everybody has to sign in again" },
};

async function secretIn(keep: Keep<string>): Promise<string> {
  const found = await keep.load();
  if (found !== undefined) return found;
  const made = `local:${randomBytes(32).toString("base64url")}`;
  await keep.save(made);
  return made;
}
