import { PresenceState } from "@tether/protocol/http";
import { limits } from "@tether/protocol/limits";

const within = ({ least, most }: { readonly least: number; readonly most: number }, unit = 1) => `${least / unit} to ${most / unit}`;
const { deadmanMs, maxAgeMs, blindMs, stopMs, speed } = limits.control;

/** Every option with its help. `of` stands for the option's value. */
export const flags = {
  port: { type: "string", of: "N", says: "the local port for the redirect, if the issuer allows any; 0 takes a free one" },
  "no-open": { type: "boolean", says: "only print the address, and open no browser" },
  device: { type: "boolean", says: "by a code on any other device, where the issuer gives one" },
  everywhere: { type: "boolean", says: "also end all your sessions and tokens, in every browser and terminal" },
  force: { type: "boolean", says: "also where the robot is locked out by it: the last key that it proved, or a robot that is not offline" },
  "with-successors": { type: "boolean", says: "also revoke every key that descends from it: a thief may have made them" },
  name: { type: "string", of: "TEXT", says: "only robots with this text in their name" },
  state: { type: "string", of: "STATE", says: `only robots in this state: ${PresenceState.options.join(", ")}` },
  reason: { type: "string", of: "TEXT", says: "a reason that the people concerned are shown" },
  since: { type: "string", of: "TIME", says: "from when on: 90s, 30m, 2h, 7d ago, 14:30, or 2026-06-01T14:30 (1d)" },
  until: { type: "string", of: "TIME", says: "until when, written alike (now)" },
  follow: { type: "boolean", says: "then go on, and print what happens as it happens" },
  "robot-only": { type: "boolean", says: "only the robot itself, without operators and control" },
  deadman: { type: "string", of: "MS", says: `the robot stops after this time without a command: ${within(deadmanMs)}` },
  "max-age": { type: "string", of: "MS", says: `commands older than this are ignored: ${within(maxAgeMs)}` },
  blind: { type: "string", of: "MS", says: `the robot slows down when picture and command together are older: ${within(blindMs)}, or off` },
  "stop-blind": { type: "string", of: "MS", says: `the robot stops when they are older than this: ${within(stopMs)}` },
  "max-linear": { type: "string", of: "M/S", says: `the highest speed: ${within(speed)}, or off` },
  "max-angular": { type: "string", of: "RAD/S", says: `the highest turn rate: ${within(speed)}, or off` },
  unanswered: { type: "string", of: "deny|grant", says: "the outcome of a request for control that the holder does not answer" },
  takers: { type: "string", of: "owner|operator", says: "the lowest role that may take control from its holder" },
  "robot-grace": {
    type: "string",
    of: "SECONDS",
    says: `how long the robot's session waits for its connection: ${within(limits.session.graceMs, 1_000)}`,
  },
  "client-grace": { type: "string", of: "SECONDS", says: "how long a client's session waits for its connection" },
  expect: { type: "string", of: "MINUTES", says: "compare with this instead of infra/lifetime.ts" },
  json: { type: "boolean", says: "JSON on standard output" },
  help: { type: "boolean", short: "h", says: "this text" },
} as const;

export type FlagName = keyof typeof flags;

/** `--since 2h` */
export function flagForm(name: FlagName): string {
  const flag = flags[name];
  return "of" in flag ? `--${name} ${flag.of}` : `--${name}`;
}
