/** The use that is paid for, in the units that it is counted in. */
export const units = {
  connectionMinutes: "minutes a WebSocket is open",
  messages: "WebSocket messages, both ways, in steps of 32 KB",
  httpRequests: "requests to the HTTP API",
  authorizers: "runs of the authorizer",
  brokers: "runs of the broker",
  apis: "runs of the API",
  sweeps: "runs of the sweeper",
  presences: "runs of the presence checks",
  readUnits: "DynamoDB read units",
  writeUnits: "DynamoDB write units",
  logBytes: "bytes of log, the gateways' access logs included",
} as const;

export type Usage = { readonly [Unit in keyof typeof units]: number };

const names = Object.keys(units) as (keyof Usage)[];

export function usageOf(count: (unit: keyof Usage) => number): Usage {
  return Object.fromEntries(names.map((unit) => [unit, count(unit)])) as Usage;
}

export const plus = (a: Usage, b: Usage): Usage => usageOf((unit) => a[unit] + b[unit]);
export const minus = (a: Usage, b: Usage): Usage => usageOf((unit) => a[unit] - b[unit]);
export const times = (a: Usage, factor: number): Usage => usageOf((unit) => a[unit] * factor);
