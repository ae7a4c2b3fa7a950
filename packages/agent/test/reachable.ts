import type { Reach } from "@tether/program/reach";

/** A network in which each step works. */
export const reachable: Reach = {
  isProxied: () => false,
  resolve: async (host) => [host],
  tunnel: async () => undefined,
  greet: async () => ({}),
};
