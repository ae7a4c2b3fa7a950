import { channels } from "@tether/protocol/control";
import { isWithin } from "@tether/protocol/depth";
import type { SessionId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import type { ChannelLike } from "../rtc/channel.ts";
import type { PeerConnectionEvents, PeerConnectionLike } from "../rtc/peer-connection.ts";

/** `control` carries commands, `events` all that must arrive. */
export type Channels = { readonly [Name in keyof typeof channels]: ChannelLike };

/** What takes part in the peer connections of `follow`. */
export type Joins = {
  /** Joins the peer connection with a peer. Calling what it returns leaves it. */
  join(peer: SessionId, pc: PeerConnectionLike): () => void;
};

/** Makes both channels: the client does, before the first offer. */
export function makeChannels(pc: Pick<PeerConnectionLike, "createDataChannel">): Channels {
  const { control, events } = channels;
  return { control: pc.createDataChannel(control.label, control.options), events: pc.createDataChannel(events.label, events.options) };
}

type Source = Pick<PeerConnectionLike, "addEventListener" | "removeEventListener">;

/** Takes both channels as they come: the robot does. Others are left alone. */
export function takeChannels(pc: Source, take: (made: Channels) => void): () => void {
  const taken: { -readonly [Name in keyof Channels]?: ChannelLike } = {};
  const onChannel = ({ channel }: PeerConnectionEvents["datachannel"]) => {
    if (channel.label === channels.control.label) taken.control ??= channel;
    else if (channel.label === channels.events.label) taken.events ??= channel;
    else return;
    const { control, events } = taken;
    if (!control || !events) return;
    pc.removeEventListener("datachannel", onChannel);
    take({ control, events });
  };
  pc.addEventListener("datachannel", onChannel);
  return () => pc.removeEventListener("datachannel", onChannel);
}

const { message } = limits.control;

/** A message is JSON text of at most the permitted length and depth; anything else is undefined. R25 */
export function read<Message>(
  schema: { safeParse(value: unknown): { success: boolean; data?: Message | undefined } },
  data: unknown,
): Message | undefined {
  if (typeof data !== "string" || data.length > message.length) return undefined;
  try {
    const value: unknown = JSON.parse(data);
    if (!isWithin(value, message.depth)) return undefined;
    const result = schema.safeParse(value);
    return result.success ? result.data : undefined;
  } catch {
    return undefined;
  }
}

/** Sends a message that is of use only while it is new: not while an earlier one has not left the channel. Stops and permits must not wait behind it. R13 */
export function writeNews(channel: ChannelLike, message: object): boolean {
  return channel.bufferedAmount === 0 && write(channel, message);
}

/** Answers whether the message could be sent; a channel that is not open takes none. */
export function write(channel: ChannelLike, message: object): boolean {
  if (channel.readyState !== "open") return false;
  try {
    channel.send(JSON.stringify(message));
    return true;
  } catch {
    return false;
  }
}
