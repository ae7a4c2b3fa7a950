import { type Usage, usageOf } from "./usage.ts";

/** us-east-1, list, without any free tier, as of November 2026. */
export const priceList = {
  region: "us-east-1",
  asOf: "2026-11",
  sources: [
    "https://aws.amazon.com/api-gateway/pricing/",
    "https://aws.amazon.com/lambda/pricing/",
    "https://aws.amazon.com/dynamodb/pricing/on-demand/",
    "https://aws.amazon.com/cloudwatch/pricing/",
  ],
} as const;

const million = 1_000_000;
const gigabyte = 1_000_000_000;

/** How long a Lambda runs, in ms: estimates from the bench, rounded up. */
export const runMs = { authorizers: 4, brokers: 15, apis: 20, sweeps: 20, presences: 20 } as const;

/** Lambda on arm64: a request, and what it runs for; memory is as in `infra/`. */
const run = ({ ms, megabytes }: { ms: number; megabytes: number }) => 0.2 / million + (ms / 1_000) * (megabytes / 1_024) * 0.0000133334;

/** Dollars for one of each unit. */
export const prices: Usage = {
  connectionMinutes: 0.25 / million,
  messages: 1 / million,
  httpRequests: 1 / million,
  authorizers: run({ ms: runMs.authorizers, megabytes: 512 }),
  brokers: run({ ms: runMs.brokers, megabytes: 1_024 }),
  apis: run({ ms: runMs.apis, megabytes: 1_024 }),
  sweeps: run({ ms: runMs.sweeps, megabytes: 512 }),
  presences: run({ ms: runMs.presences, megabytes: 512 }),
  readUnits: 0.125 / million,
  writeUnits: 0.625 / million,
  logBytes: 0.5 / gigabyte,
};

export function costs(usage: Usage): { readonly of: Usage; readonly total: number } {
  const of = usageOf((unit) => usage[unit] * prices[unit]);
  return { of, total: Object.values(of).reduce((sum, part) => sum + part, 0) };
}

/** The same month elsewhere, in dollars: a robot that is there for 730 h, and `hours` of sessions with one operator in `sessions`. */
export function elsewhere({ sessions, hours, messages }: { sessions: number; hours: number; messages: number }): Record<string, number> {
  const [robotMinutes, clientMinutes] = [730 * 60, hours * 60];
  const bothWays = messages + robotMinutes / 4;
  return {
    "KVS WebRTC (0.03 a channel + 2.25/M messages)": 0.03 + (2.25 * bothWays) / million,
    "Ably (1.00/M connection and channel minutes + 2.50/M messages; 29.00 base not counted)":
      (2 * (robotMinutes + clientMinutes) + 2.5 * (messages + sessions)) / million,
    "LiveKit Cloud (0.0005 a participant minute)": 0.0005 * (robotMinutes + clientMinutes),
    "AWS IoT Core (0.08/M connection minutes + 1.00/M messages; signalling, tickets and sessions to be built)":
      (0.08 * (robotMinutes + clientMinutes) + 2 * messages) / million,
  };
}
