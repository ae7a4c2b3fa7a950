import { type AttachOptions, attach, blocks, type ClientSession, type DriveEvents, type SessionEvents } from "@tether/sdk/client";
import { follow } from "@tether/sdk/peer";

export function open(options: Omit<AttachOptions, "token"> & { readonly idToken: string }): ClientSession {
  const { idToken, ...rest } = options;
  return attach({ ...rest, token: async ({ fresh }) => (fresh ? "" : idToken) });
}

/** Resolves with what the robot answers to the first signal. */
export function ask(session: ClientSession): Promise<unknown> {
  return new Promise((resolve, reject) => {
    session.on("state", ({ status, why }: SessionEvents["state"]) => {
      if (status === "stopped" && why) reject(new Error(`${why.code}: ${why.says} ${why.remedy}`));
    });
    session.on("signal", ({ data }) => data.kind === "app" && resolve(data.body));
    const greet = () => {
      for (const peer of session.peers) if (peer.kind === "robot") session.send(peer.session, { kind: "app", body: "hello" });
    };
    session.on("peer.online", greet);
  });
}

export const words = ({ why }: DriveEvents["drive"]) => why && blocks[why].remedy;
export const meet = (session: ClientSession) =>
  follow({ session, polite: true, connect: () => new RTCPeerConnection(), control: session.control });
