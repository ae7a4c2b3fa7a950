import { limits } from "../packages/protocol/src/limits.ts";
import { setting } from "./setting.ts";

const { shards: bounds, groupShards } = limits.sweep;

/** Over how many partitions the sweeper's index is spread: so many that connections, let in at the account's quota, write half of what one takes. */
export const shards = spread(setting.connectsPerSecond);

/** How many instances of the sweeper run at once, each with its own partitions. */
export const groups = Math.ceil(shards / groupShards);

/** A power of two, as ids are spread by a character of 32. */
function spread(connectsPerSecond: number): number {
  const wanted = (connectsPerSecond * limits.admission.share * bounds.unitsPerConnect) / bounds.unitsPerSecond;
  const even = 2 ** Math.ceil(Math.log2(Math.max(1, wanted)));
  if (even > bounds.most)
    throw new Error(`${connectsPerSecond} connections a second are more than one deployment takes: make cells (docs/scale.md).`);
  return Math.max(bounds.least, even);
}
