import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OnControl, ToRobot } from "@tether/protocol/control";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bad, good, named } from "../../protocol/test/golden.ts";
import { read } from "../../sdk/src/control/channel.ts";
import { dice } from "../../sdk/test/control/guard/dice.ts";
import { buildProgram } from "./build.ts";
import { type GuardProgram, startGuard } from "./program.ts";

let guard: GuardProgram;
const folder = mkdtempSync(join(tmpdir(), "tether-guard-c-"));
beforeAll(async () => {
  guard = startGuard(await buildProgram(folder, "run"));
});
afterAll(async () => {
  await guard.end();
  rmSync(folder, { recursive: true, force: true });
});

type Channel = "control" | "events";
const channels: readonly Channel[] = ["control", "events"];

/** The message that this SDK reads from a text, in the words of the program. */
function expected(channel: Channel, text: string): object {
  const message = channel === "control" ? read(OnControl, text) : read(ToRobot, text);
  if (!message) return { type: "nothing" };
  if (!("type" in message)) return { type: "command", ...message };
  if (message.type !== "stop") return message;
  const key = message.key?.includes("\0") ? undefined : message.key;
  return { type: "stop", ...(key !== undefined && { keyBytes: Buffer.byteLength(key) }) };
}

async function heard(channel: Channel, text: string): Promise<object> {
  const [told] = await guard.call({ do: "hear", channel, text });
  const { hook: _, ...message } = told ?? { hook: "" };
  return message;
}

const withoutUndefined = (value: object) => JSON.parse(JSON.stringify(value));

function goldenTexts(channel: Channel): string[] {
  const side = `${channel}-to-robot`;
  const names = named(side);
  const messages = [...names.good.flatMap((name) => good(`${side}/${name}`)), ...names.bad.flatMap((name) => bad(`${side}/${name}`))];
  return messages.map((one) => ("text" in one && one.text !== undefined ? one.text : JSON.stringify(one.message)));
}

test.each(channels)("the golden messages on tether.%s are read as this SDK reads them [R17, R19, R25]", async (channel) => {
  const texts = goldenTexts(channel);
  expect(texts.length).toBeGreaterThan(10);
  for (const text of texts)
    expect({ text, ...(await heard(channel, text)) }).toEqual({ text, ...withoutUndefined(expected(channel, text)) });
});

const deep = (depth: number) => `{"type":"stop","reason":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
const long = (units: number, letter = "x") => `{"type":"stop","reason":"${letter.repeat((units - 27) / letter.length)}"}`;

test.each([
  ["nested as deep as a message may be", deep(64), "stop"],
  ["nested too deep", deep(65), "nothing"],
  ["as long as a message may be", long(65_536), "stop"],
  ["too long", long(65_537), "nothing"],
  ["as long, in letters of three bytes", long(65_536, "€"), "stop"],
  ["too long, in letters of two units", long(65_537, "😀"), "nothing"],
  ["with a type in escapes", '{"\\u0074ype":"st\\u006fp"}', "stop"],
  ["with a type twice", '{"type":"permit","type":"stop"}', "stop"],
  ["with something behind it", '{"type":"stop"} x', "nothing"],
  ["with a comma too many", '{"type":"stop",}', "nothing"],
  ["with a bare control character", '{"type":"stop","reason":"\t"}', "nothing"],
  ["in blanks", ' {\n"type"\t:\r"stop" } ', "stop"],
])("a stop %s is %3$s [R25]", async (_, text, type) => {
  expect(text.length).toBeGreaterThan(0);
  for (const channel of channels) {
    expect(await heard(channel, text)).toEqual({ type });
    expect(expected(channel, text)).toEqual({ type });
  }
});

test("numbers are read to the last bit, as JavaScript reads them", async () => {
  const { below, begin } = dice();
  begin(16);
  const shapes = [
    () => String(below(2 ** 31)),
    () => `${below(2 ** 31)}.${below(2 ** 31)}${below(1_000)}`,
    () => `-${below(1_000)}.${"0".repeat(below(8))}${below(2 ** 31)}`,
    () => String(below(2 ** 31) / (1 + below(2 ** 20))),
    () => String((below(2 ** 31) * 2 ** 20 + below(2 ** 20)) / 2 ** below(60)),
    () => `${below(1_000)}e-${below(12)}`,
    () => `${below(9)}${"E+"}${below(12)}`,
  ];
  for (let n = 0; n < 2_000; n += 1) {
    const number = (shapes[n % shapes.length] as () => string)();
    const [told] = await guard.call({ do: "hear", channel: "events", text: `{"type":"clock","t0":${number},"t1":0}` });
    const value = JSON.parse(number) as number;
    expect({ number, t0: told?.t0 }).toEqual({ number, t0: Math.abs(value) <= 8.64e15 ? value : undefined });
  }
});

/** Texts that are nearly messages: parts of golden ones cut, doubled, exchanged. */
function* mutants(seed: number, count: number): Generator<[Channel, string]> {
  const { below, begin } = dice();
  begin(seed);
  const texts = channels.flatMap((channel) => goldenTexts(channel).filter((text) => text.length < 3_000));
  const parts = [
    '"',
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "1e9",
    "-",
    "null",
    "\\ud800",
    "\\u0000",
    "0",
    ".",
    "stop",
    '"type":"stop",',
    "\u0001",
    "é",
    "😀",
  ];
  for (let n = 0; n < count; n += 1) {
    let text = texts[below(texts.length)] as string;
    for (let changes = 1 + below(3); changes > 0; changes -= 1) {
      const [at, length] = [below(text.length + 1), below(6)];
      const part = below(3) === 0 ? text.slice(below(text.length + 1)).slice(0, below(20)) : (parts[below(parts.length)] as string);
      text = text.slice(0, at) + part + text.slice(at + length);
    }
    yield [below(2) === 0 ? "control" : "events", text];
  }
}

test("what is nearly a message is read as this SDK reads it, and harms nothing [R17, R25]", async () => {
  let read = 0;
  for (const [channel, text] of mutants(1, 20_000)) {
    // A text in a JSON line cannot hold half of a surrogate pair, nor can one on a channel.
    if (!text.isWellFormed()) continue;
    const own = withoutUndefined(expected(channel, text));
    expect({ text, ...(await heard(channel, text)) }).toEqual({ text, ...own });
    if (own.type !== "nothing") read += 1;
  }
  // Texts of which none is a message would show nothing.
  expect(read).toBeGreaterThan(500);
});

test.each(["2", "2.0", "2e0", "20e-1", "0.2E+1"])("%s is the integer 2 [R19]", async (number) => {
  const text = `{"epoch":${number},"seq":${number},"sentAt":0,"command":null}`;
  expect(await heard("control", text)).toMatchObject({ type: "command", epoch: 2, seq: 2 });
  expect(expected("control", text)).toMatchObject({ type: "command", epoch: 2, seq: 2 });
});

type Vectors = {
  keys: { kid: string; key: object }[];
  cases: { name: string; jws: string; claims: { robot: string; session: string; epoch: number } | null }[];
};
const vectors = (name: string) => JSON.parse(readFileSync(join(import.meta.dirname, "../../protocol/vectors", `${name}.json`), "utf8"));
const permits = vectors("permit") as Vectors;

test.each(permits.cases)("a permit $name is obeyed only if it holds [R1, R1.1]", async ({ jws, claims }) => {
  const robot = "rob_01J00000000000000000000000";
  const session = "cse_01J00000000000000000000000";
  await guard.call({ do: "begin", at: 0, robot });
  const welcome = { type: "welcome", serverTime: 1_800_000_000_000, control: { control: { version: 1, epoch: 0 }, keys: permits.keys } };
  await guard.call({ do: "frame", at: 0, text: JSON.stringify(welcome) });
  await guard.call({ do: "open", at: 0, session });
  const told = await guard.call({
    do: "message",
    at: 1,
    pair: 1,
    channel: "events",
    text: JSON.stringify({ type: "permit", permit: jws }),
  });
  expect(told[0]?.message).toEqual(
    claims ? { type: "accepted", epoch: claims.epoch, seq: 0 } : { type: "refused", epoch: 0, reason: "permit.invalid" },
  );
});

type Limited = { maxLinear: number | null; maxAngular: number | null; limit: number };
const without = (most: Limited) => Object.fromEntries(Object.entries(most).filter(([, value]) => value !== null));
type Speed = Limited & { name: string; command: object | string; becomes: { linear?: number; angular?: number } | string };

test.each(vectors("speed") as Speed[])("a command is given the speed that the vectors say: $name [R23, R24]", async (speed) => {
  const { name: _, becomes, ...call } = speed;
  await guard.call({ do: "begin", at: 0, robot: "rob_01J00000000000000000000000" });
  const [told] = await guard.call({ do: "limit", ...without(call) });
  const speeds = typeof becomes === "string" ? {} : { linear: becomes.linear, angular: becomes.angular };
  expect({ linear: told?.linear, angular: told?.angular }).toEqual({ linear: undefined, angular: undefined, ...speeds });
  expect(told?.command).toEqual(speed.command);
});

type Declared = Limited & {
  name: string;
  declaration: { axes: { name: string }[]; buttons: { name: string }[] };
  commands: unknown[];
  becomes: ({ axes: Record<string, number>; press: string | null } | null)[];
};

test.each(vectors("declared") as Declared[])(
  "a robot that declared itself is given what the vectors say: $name [R36, R37]",
  async (vector) => {
    const { declaration, commands, becomes, maxLinear, maxAngular, limit } = vector;
    await guard.call({ do: "begin", at: 0, robot: "rob_01J00000000000000000000000", declaration: JSON.stringify(declaration) });
    const given: unknown[] = [];
    for (const command of commands) {
      const [told] = await guard.call({ do: "limit", ...without({ maxLinear, maxAngular, limit }), command });
      const axes = told?.axes as (number | null)[] | undefined;
      const named = declaration.axes.flatMap(({ name }, at) => (axes?.[at] === null ? [] : [[name, axes?.[at]] as const]));
      given.push(
        told?.hook === "none" ? null : { axes: Object.fromEntries(named), press: declaration.buttons[Number(told?.button)]?.name ?? null },
      );
    }
    expect(JSON.parse(JSON.stringify(given))).toEqual(becomes);
  },
);
