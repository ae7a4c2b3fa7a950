import type { Before } from "./rig.ts";

/** Something that can happen to a robot or to its service. */
export type Calamity = {
  readonly name: string;
  /** The robot's conduct in a sentence. */
  readonly robot: string;
  /** The thing that a person must do or carry there; undefined: nothing. */
  readonly person?: string;
  /** Lets it happen, and throws where the robot does something else. */
  readonly happens: (before: Before) => Promise<void>;
};

export const hour = 3_600_000;
export const day = 24 * hour;

/** Fails unless what is claimed holds. */
export function must(holds: boolean, claim: string): void {
  if (!holds) throw new Error(`It does not hold: ${claim}.`);
}
