import { webcrypto } from "node:crypto";
import type { SessionId } from "@tether/protocol/id";
import { attach, type MonitorEvents, type Reason, type Status } from "@tether/sdk/client";
import { serve, signerFromJwk } from "@tether/sdk/robot";
import { onTestFinished } from "vitest";
import { trackSubtle } from "../../src/clock/subtle.ts";
import { createNetwork } from "./network.ts";
import type { KeyHolder, World } from "./world.ts";

type Session = ReturnType<typeof attach> | ReturnType<typeof serve>;

/** The events that an SDK's user saw, with the numbers of the application signals that came, in their order. */
export type SdkEnd = {
  readonly session: Session;
  /** Each session id it had, once. */
  readonly ids: Set<string>;
  readonly epochs: number[];
  readonly states: { readonly status: Status; readonly why?: Reason }[];
  readonly told: { readonly event: string; readonly cause?: string; readonly at: number }[];
  readonly got: number[];
  /** How often its lease's deadline moved. */
  readonly leases: Set<number>;
  /** Sends an application signal with this number to every peer. */
  signal(n: number): void;
};

/** A client's, with the frames it was told of as a monitor. */
export type SdkClient = SdkEnd & { readonly session: ReturnType<typeof attach>; readonly seen: readonly MonitorEvents["seen"][] };

function watch(world: World, session: Session): SdkEnd {
  const end: SdkEnd = {
    session,
    ids: new Set(),
    epochs: [],
    states: [],
    told: [],
    got: [],
    leases: new Set(),
    signal(n) {
      for (const peer of session.peers) session.send(peer.session as SessionId, { kind: "app", body: n });
    },
  };
  const note = (event: string, cause?: string) => end.told.push({ event, at: world.clock.now(), ...(cause !== undefined && { cause }) });
  session.on("state", (state) => void end.states.push(state));
  session.on("deadlines", ({ authExpiresAt }) => {
    end.leases.add(authExpiresAt);
    if (session.id !== undefined) end.ids.add(session.id);
    if (session.epoch !== undefined && session.epoch !== end.epochs.at(-1)) end.epochs.push(session.epoch);
  });
  session.on("peer.online", () => void note("peer.online"));
  session.on("peer.away", ({ cause }) => void note("peer.away", cause));
  session.on("peer.ended", ({ cause }) => void note("peer.ended", cause));
  session.on("signal", ({ data }) => {
    if (data.kind === "app") end.got.push(Number(data.body));
  });
  onTestFinished(() => session.close());
  return end;
}

export async function startSdkRobot(world: World, robot: KeyHolder, seed = 1): Promise<SdkEnd> {
  onTestFinished(trackSubtle(world.quiet, webcrypto.subtle));
  const signer = await signerFromJwk(robot.privateKey);
  const end = watch(world, serve({ api: world.system.origin, robot: robot.id, signer, platform: createNetwork(world, seed).platform }));
  await world.idle();
  return end;
}

/** `token` is asked for each ticket; unless told it is a fresh one each time, as a page that is signed in has. */
export async function startSdkClient(
  world: World,
  robot: KeyHolder,
  as: string,
  options: { seed?: number; token?: () => Promise<string>; resume?: string; monitor?: boolean; browser?: boolean } = {},
): Promise<SdkClient> {
  const { seed = 2, resume, monitor = false, browser = false } = options;
  const token = options.token ?? (async () => (await world.system.identity.tokensFor(as)).idToken);
  const kept = { load: () => resume, save: () => undefined };
  const session = attach({
    api: world.system.origin,
    robot: robot.id,
    token,
    resume: kept,
    monitor,
    platform: createNetwork(world, seed, { browser }).platform,
  });
  const end = watch(world, session);
  const seen: MonitorEvents["seen"][] = [];
  session.monitor.on("seen", (frame) => void seen.push(frame));
  await world.idle();
  return { ...end, session, seen };
}
