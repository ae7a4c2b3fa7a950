import { type ChannelLike, type FollowOptions, follow, type PeerConnectionLike } from "@tether/sdk/peer";
import {
  type Guard,
  makeKeyPair,
  type PrivateKey,
  publicKeyOf,
  type RobotSession,
  type ServeOptions,
  serve,
  signerFromJwk,
} from "@tether/sdk/robot";

/** A robot's program, for a project without the DOM's library. */
export async function start(options: Omit<ServeOptions, "keys" | "signer"> & { readonly key: PrivateKey }): Promise<RobotSession> {
  const { key, ...rest } = options;
  const session = serve({ ...rest, signer: await signerFromJwk(key) });
  session.on("signal", ({ from, data }) => {
    if (data.kind === "app") session.send(from, { kind: "app", body: { heard: data.body } });
  });
  return session;
}

export function drivable(session: RobotSession, connect: () => PeerConnectionLike): { guard: Guard; close: () => void } {
  const guard = session.guard({ onCommand: () => {}, stop: () => {} });
  const options: FollowOptions = { session, polite: false, connect, control: guard };
  return { guard, close: follow(options) };
}

export const label = (channel: ChannelLike): string => channel.readyState;
export const publish = async () => publicKeyOf(await makeKeyPair("ed25519"));
