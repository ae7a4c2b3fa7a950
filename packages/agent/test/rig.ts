import { webcrypto } from "node:crypto";
import { trackedSocket } from "@tether/local/clock/socket";
import { trackSubtle } from "@tether/local/clock/subtle";
import { seededRandom } from "@tether/local/fault/random";
import type { Files } from "@tether/program/files";
import type { Platform } from "@tether/sdk/robot";
import { onTestFinished } from "vitest";
import { createWorld } from "../../local/test/world/world.ts";
import { checkPeer } from "../src/doctor/examine/order.ts";
import { openDriver } from "../src/driver/open.ts";
import { observer } from "../src/observer.ts";
import { program, type Start } from "../src/program.ts";
import { createMemoryDisk } from "./memory-disk.ts";
import { reachable } from "./reachable.ts";
import { ownerOf } from "./service.ts";

export const folder = "/state";

type Told = Partial<Pick<Start, "reach" | "examine" | "openDriver" | "platform">> & {
  files?: Files;
  fetch?: Platform["fetch"];
  stopped?: AbortSignal;
  variables?: Record<string, string>;
  input?: string;
};

/** The whole system and agents in one process, on one virtual clock. */
export async function createRig() {
  const world = await createWorld();
  onTestFinished(trackSubtle(world.quiet, webcrypto.subtle));
  const draw = seededRandom(7);
  let processes = 0;

  const platform: Platform = {
    clock: world.clock,
    random: { fraction: draw, bytes: (n) => Uint8Array.from({ length: n }, () => Math.floor(draw() * 256)) },
    fetch: world.fetch,
    socket: (url, protocols) => trackedSocket(world.quiet, url, [...protocols]),
  };

  /** Runs the program to its end. Resolves with its exit code and its output. */
  async function agent(argv: readonly string[], told: Told = {}) {
    const said: Record<string, unknown>[] = [];
    const {
      files = createMemoryDisk(),
      fetch = world.fetch,
      stopped = new AbortController().signal,
      variables = {},
      input = "",
      ...differs
    } = told;
    processes += 1;
    const code = await program({
      argv: [...argv, "--state", folder, "--json"],
      variables,
      home: "/home",
      streams: { out: (line) => void said.push(JSON.parse(line)), err: () => {} },
      platform: { ...platform, fetch },
      files,
      process: { id: processes },
      handleSession: observer,
      openDriver,
      reach: reachable,
      examine: ({ check, iceServers }) => checkPeer({ clock: world.clock, PeerConnection: undefined }, { check, iceServers }),
      machine: "a test",
      input: async () => input,
      stopped,
      ...differs,
    });
    return { code, said };
  }

  const { origin } = world.system;
  return { world, platform, agent, origin, owner: ownerOf(world.system), disk: () => createMemoryDisk() };
}

export type Rig = Awaited<ReturnType<typeof createRig>>;
