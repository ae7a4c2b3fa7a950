import type { Account } from "@tether/protocol/account";
import type { SessionId } from "@tether/protocol/id";
import { attach, type ClientSession } from "@tether/sdk/client";
import { type RobotSession, serve, signerFromJwk } from "@tether/sdk/robot";
import { createNetwork, type Network } from "../network.ts";
import type { KeyHolder, World } from "../world.ts";
import type { Witness } from "./witness.ts";

type Numbered = { readonly from: string; readonly n: number };

/** A running SDK: another page, process or machine is another end. */
type End = {
  readonly name: string;
  readonly network: Network;
  /** Sends each peer the next number. */
  talk(): void;
  /** Whether the end is gone for good: its process ended, or it was told to stay away. */
  isOver(): boolean;
};
export type RobotEnd = End & { readonly session: RobotSession };
export type ClientEnd = End & { readonly session: ClientSession; readonly as: string; readonly tab: Tab };

/** The storage that a browser's tab keeps over a reload. */
export type Tab = { session: string | undefined };

type Env = { readonly world: World; readonly witness: Witness };

function follow({ witness }: Env, name: string, session: RobotSession | ClientSession, network: Network): End {
  let numbers = 0;
  session.on("signal", ({ data }) => {
    if (data.kind !== "app") return;
    const { from, n } = data.body as Numbered;
    witness.got.push({ from, by: name, n });
  });
  session.on("dropped", ({ to, data }) => {
    for (const one of data) if (one.kind === "app") witness.dropped.push({ from: name, to, n: (one.body as Numbered).n });
  });
  return {
    name,
    network,
    talk() {
      for (const { session: to } of session.peers) {
        numbers += 1;
        const refused = session.send(to as SessionId, { kind: "app", body: { from: name, n: numbers } });
        if (!refused) witness.sent.push({ from: name, to, n: numbers });
      }
    },
    isOver: () => session.status === "stopped",
  };
}

/** `before`: what ended the run before it, if that did not sign off. */
export async function startRobot(
  env: Env,
  robot: KeyHolder,
  { name, seed, before }: { name: string; seed: number; before: Account | undefined },
): Promise<RobotEnd> {
  const { world, witness } = env;
  const network = createNetwork(world, seed, { heard: witness.heard(name) });
  const session = serve({
    api: world.system.origin,
    robot: robot.id,
    signer: await signerFromJwk(robot.privateKey),
    platform: network.platform,
    before,
  });
  return { ...follow(env, name, session, network), session };
}

/** `lifeMs`: of the tokens of whoever is signed in; `once`: there is one token and no other. */
export function startClient(
  env: Env,
  robot: KeyHolder,
  { name, seed, as, tab, lifeMs, once }: { name: string; seed: number; as: string; tab: Tab; lifeMs: number; once: boolean },
): ClientEnd {
  const { world, witness } = env;
  const network = createNetwork(world, seed, { browser: true, heard: witness.heard(name) });
  let only: Promise<string> | undefined;
  const sign = async () => (await world.system.identity.tokensFor(as, { lifeMs })).idToken;
  const session = attach({
    api: world.system.origin,
    robot: robot.id,
    platform: network.platform,
    token() {
      const token = once ? (only ?? sign()) : sign();
      only = token;
      return token;
    },
    resume: {
      load: () => tab.session,
      save(id) {
        tab.session = id;
      },
    },
  });
  return { ...follow(env, name, session, network), session, as, tab };
}
