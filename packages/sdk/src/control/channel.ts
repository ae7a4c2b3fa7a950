import { channels } from "@tether/protocol/control";
import { isWithin } from "@tether/protocol/depth";
import type { SessionId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import type { ChannelLike } from "../rtc/channel.ts";
import type { PeerConnectionEvents, PeerConnectionLike } from "../rtc/peer-connection.ts";

/** `control` carries commands, `events` all that must arrive. */
export type Channels = { readonly [Name in keyof typeof channels]: ChannelLike };

/** An object that takes part in the peer connections of `follow`. */
export type Joins = {
  /** Joins the peer connection with a peer. Calling what it returns leaves it. */
  join(peer: SessionId, pc: PeerConnectionLike): () => void;
};

/** Makes both channels: the client does, before the first offer. W1 */
export function makeChannels(pc: Pick<PeerConnectionLike, "createDataChannel">): Channels {
  const { control, events } = channels;
  return { control: pc.createDataChannel(control.label, control.options), events: pc.createDataChannel(events.label, events.options) };
}

type Source = Pick<PeerConnectionLike, "addEventListener" | "removeEventListener">;

/** The number of messages that are kept of a channel that came before the other. */
const earlyMost = 16;

/**
 * Takes both channels as they come: the robot does. Others are left alone. What comes on the first before the second is there is shown to
 * `early`, and heard in its turn once both are unless that answers that it was obeyed. W1.1
 */
export function takeChannels(
  pc: Source,
  take: (made: Channels) => void,
  early: (name: keyof Channels, data: unknown) => boolean = () => false,
): () => void {
  const taken: { -readonly [Name in keyof Channels]?: ChannelLike } = {};
  const waiting: { readonly channel: ChannelLike; readonly data: unknown }[] = [];

  function hold(name: keyof Channels, channel: ChannelLike): void {
    taken[name] = channel;
    channel.onmessage = ({ data }) => {
      if (!early(name, data) && waiting.length < earlyMost) waiting.push({ channel, data });
    };
  }

  const onChannel = ({ channel }: PeerConnectionEvents["datachannel"]) => {
    const name = channel.label === channels.control.label ? "control" : channel.label === channels.events.label ? "events" : undefined;
    if (!name || taken[name]) return;
    hold(name, channel);
    const { control, events } = taken;
    if (!control || !events) return;
    pc.removeEventListener("datachannel", onChannel);
    take({ control, events });
    for (const { channel, data } of waiting.splice(0)) channel.onmessage?.({ data });
  };
  pc.addEventListener("datachannel", onChannel);
  return () => {
    pc.removeEventListener("datachannel", onChannel);
    for (const channel of Object.values(taken)) channel.onmessage = null;
  };
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
