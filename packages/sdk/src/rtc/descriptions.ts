import type { DescriptionLike, PeerConnectionLike } from "./peer-connection.ts";

/** The SDP of both ends; nothing for an end that was not described yet. */
export type Descriptions = { local?: string; remote?: string };

type Describable = Pick<PeerConnectionLike, "setLocalDescription" | "setRemoteDescription">;

/** Keeps what a peer connection is described by from now on, which must not be read back from it: see `PeerConnectionLike`. */
export function keepDescriptions(pc: Describable): Descriptions {
  const kept: Descriptions = {};

  /** An event that comes with the step finds it done; one that the engine refuses changes nothing. */
  async function keep(end: keyof Descriptions, { sdp = "" }: Pick<DescriptionLike, "sdp">, step: Promise<void>): Promise<void> {
    const before = { ...kept };
    kept[end] = sdp;
    try {
      await step;
    } catch (error) {
      if (before[end] === undefined) delete kept[end];
      else kept[end] = before[end];
      throw error;
    }
  }

  const [setLocal, setRemote] = [pc.setLocalDescription.bind(pc), pc.setRemoteDescription.bind(pc)];
  pc.setLocalDescription = (description) =>
    description.type === "rollback" ? setLocal(description) : keep("local", description, setLocal(description));
  pc.setRemoteDescription = (description) => keep("remote", description, setRemote(description));
  return kept;
}
