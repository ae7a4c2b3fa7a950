import { mediaChannel } from "../camera.ts";
import { channels } from "../control.ts";
import { limits } from "../limits.ts";
import { subprotocol } from "../subprotocol.ts";
import { type JsonSchema, jsonSchemaOf, type Side, wireSchemas } from "./json-schema.ts";

type Operation = {
  readonly action: "send" | "receive";
  readonly channel: string;
  readonly sides: readonly Side[];
  readonly summary: string;
};

/** As a robot and a client see them: `send` is what these send. */
const operations: Readonly<Record<string, Operation>> = {
  toBroker: { action: "send", channel: "broker", sides: ["to-broker"], summary: "Frames of a robot or a client to the broker." },
  fromBroker: { action: "receive", channel: "broker", sides: ["from-broker"], summary: "Frames of the broker." },
  controlToRobot: { action: "send", channel: "control", sides: ["control-to-robot"], summary: "An operator's commands, pings and stops." },
  controlToOperator: { action: "receive", channel: "control", sides: ["control-to-operator"], summary: "A robot's answers to pings." },
  eventsToRobot: { action: "send", channel: "events", sides: ["events-to-robot"], summary: "An operator's permits, stops and clock." },
  eventsToOperator: { action: "receive", channel: "events", sides: ["events-to-operator"], summary: "What a robot tells." },
  mediaToRobot: {
    action: "send",
    channel: "media",
    sides: ["media-to-robot"],
    summary: "The cameras that a client watches, and recordings.",
  },
  mediaToOperator: { action: "receive", channel: "media", sides: ["media-to-operator"], summary: "A robot's cameras and recordings." },
};

const messageName = (side: Side, type: string) => `${side}.${type}`;

function messagesOf(side: Side): readonly (readonly [string, JsonSchema])[] {
  return Object.entries(wireSchemas[side]).map(([type, schema]) => [
    messageName(side, type),
    { name: type, contentType: "application/json", payload: jsonSchemaOf(schema) },
  ]);
}

function channelOf(name: string, address: string | null, description: string, rest: JsonSchema = {}): readonly [string, JsonSchema] {
  const used = Object.values(operations).filter(({ channel }) => channel === name);
  const names = used.flatMap(({ sides }) => sides.flatMap((side) => messagesOf(side).map(([message]) => message)));
  const messages = Object.fromEntries(names.map((message) => [message, { $ref: `#/components/messages/${message}` }]));
  return [name, { address, description, messages, ...rest }];
}

/** The socket's frames and the messages on the data channels as an AsyncAPI 3.0 document. */
export function asyncApi(): JsonSchema {
  const sides = Object.values(operations).flatMap((operation) => operation.sides);
  const { control, events } = channels;
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Tether",
      version: "1",
      description: "The broker's socket and the data channels between an operator and a robot. SPEC.md says how all of it behaves.",
    },
    defaultContentType: "application/json",
    channels: Object.fromEntries([
      channelOf(
        "broker",
        "/",
        `A WebSocket at the \`url\` of a ticket's answer, with the subprotocols \`${subprotocol}\` and \`ticket.<ticket>\` (T1). Frames are text of at most ${limits.gateway.frameBytes} bytes.`,
        { bindings: { ws: { method: "GET" } } },
      ),
      channelOf("control", control.label, "An RTCDataChannel, unordered, without retransmits (W1)."),
      channelOf("events", events.label, "An RTCDataChannel, ordered and reliable (W1)."),
      channelOf("media", mediaChannel.label, "An RTCDataChannel, ordered and reliable (V1)."),
    ]),
    operations: Object.fromEntries(
      Object.entries(operations).map(([name, { action, channel, sides: of, summary }]) => [
        name,
        {
          action,
          channel: { $ref: `#/channels/${channel}` },
          summary,
          messages: of.flatMap((side) => messagesOf(side).map(([message]) => ({ $ref: `#/channels/${channel}/messages/${message}` }))),
        },
      ]),
    ),
    components: { messages: Object.fromEntries(sides.flatMap(messagesOf)) },
  };
}
