import { type IWritable, McapWriter } from "@mcap/core";
import type { Kept } from "./ring.ts";

const anything = JSON.stringify({ type: "object" });
/** https://docs.foxglove.dev/docs/visualization/message-schemas/compressed-video, in its JSON form. */
const video = JSON.stringify({
  title: "foxglove.CompressedVideo",
  type: "object",
  properties: {
    timestamp: { type: "object", title: "time", properties: { sec: { type: "integer" }, nsec: { type: "integer" } } },
    frame_id: { type: "string" },
    data: { type: "string", contentEncoding: "base64" },
    format: { type: "string" },
  },
});

/** Writes what was kept as one MCAP file (https://mcap.dev/spec): each topic a channel, all messages in JSON, cameras as `foxglove.CompressedVideo`. */
export async function writeMcap(to: IWritable, all: readonly Kept[], facts: ReadonlyMap<string, string>): Promise<void> {
  const writer = new McapWriter({ writable: to });
  await writer.start({ profile: "", library: "tether" });
  const encoder = new TextEncoder();
  const schemas = {
    message: await writer.registerSchema({ name: "tether.Message", encoding: "jsonschema", data: encoder.encode(anything) }),
    frame: await writer.registerSchema({ name: "foxglove.CompressedVideo", encoding: "jsonschema", data: encoder.encode(video) }),
  };
  const channels = new Map<string, { readonly id: number; sequence: number }>();
  await writer.addMetadata({ name: "tether", metadata: new Map(facts) });
  for (const one of all) {
    let channel = channels.get(one.topic);
    if (!channel) {
      const topic = { topic: one.topic, messageEncoding: "json", metadata: new Map<string, string>(), schemaId: schemas[one.kind] };
      channel = { id: await writer.registerChannel(topic), sequence: 0 };
      channels.set(one.topic, channel);
    }
    const time = BigInt(Math.round(one.at * 1_000)) * 1_000n;
    const data = encoder.encode(JSON.stringify(messageOf(one)));
    await writer.addMessage({ channelId: channel.id, sequence: channel.sequence, logTime: time, publishTime: time, data });
    channel.sequence += 1;
  }
  await writer.end();
}

function messageOf(one: Kept): unknown {
  if (one.kind === "message") return typeof one.value === "object" && one.value !== null ? one.value : { value: one.value };
  const sec = Math.floor(one.at / 1_000);
  const timestamp = { sec, nsec: Math.round((one.at - sec * 1_000) * 1e6) };
  return { timestamp, frame_id: one.topic, data: one.data.toString("base64"), format: one.format };
}
