import { limits } from "@tether/protocol/limits";

const within = ({ least, most }: { readonly least: number; readonly most: number }, unit = 1) => `${least / unit} to ${most / unit}`;
const { deadmanMs, maxAgeMs, blindMs, stopMs, speed } = limits.control;

/** Every option, and what it says of itself. `of`: what stands for its value. */
export const flags = {
  port: { type: "string", of: "N", says: "where the browser comes back to, if the issuer takes any port; 0 takes a free one" },
  "no-open": { type: "boolean", says: "only print the address, and open no browser" },
  everywhere: { type: "boolean", says: "also every session of yours, every token, and every other browser and terminal" },
  force: { type: "boolean", says: "also the last key that the robot proved: it is locked out" },
  "with-successors": { type: "boolean", says: "also every key that descends from it: a thief may have made them" },
  reason: { type: "string", of: "TEXT", says: "shown to whom it concerns" },
  since: { type: "string", of: "2h", says: "how far back: 90s, 30m, 2h, 7d (1d)" },
  deadman: { type: "string", of: "MS", says: `no command for so long stops the robot: ${within(deadmanMs)}` },
  "max-age": { type: "string", of: "MS", says: `a command older than this is not obeyed: ${within(maxAgeMs)}` },
  blind: { type: "string", of: "MS", says: `when picture and command together are older, it goes slower: ${within(blindMs)}, or off` },
  "stop-blind": { type: "string", of: "MS", says: `when they are older than this, it stops: ${within(stopMs)}` },
  "max-linear": { type: "string", of: "M/S", says: `the fastest it is to go: ${within(speed)}, or off` },
  "max-angular": { type: "string", of: "RAD/S", says: `the fastest it is to turn: ${within(speed)}, or off` },
  unanswered: { type: "string", of: "deny|grant", says: "what a request for control comes to that its holder does not answer" },
  takers: { type: "string", of: "owner|operator", says: "from which role on one may take control from its holder" },
  "robot-grace": {
    type: "string",
    of: "SECONDS",
    says: `how long the robot's session waits for its connection: ${within(limits.session.graceMs, 1_000)}`,
  },
  "client-grace": { type: "string", of: "SECONDS", says: "how long a client's does" },
  expect: { type: "string", of: "MINUTES", says: "compare with this in place of infra/lifetime.ts" },
  json: { type: "boolean", says: "JSON on standard output" },
  help: { type: "boolean", short: "h", says: "this text" },
} as const;

export type FlagName = keyof typeof flags;

/** `--since 2h` */
export function flagForm(name: FlagName): string {
  const flag = flags[name];
  return "of" in flag ? `--${name} ${flag.of}` : `--${name}`;
}
