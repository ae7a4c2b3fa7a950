import type { RawEnd } from "./raw-end.ts";
import type { KeyHolder, World } from "./world.ts";

/** An operation of a session's life, about to happen. */
export type Scene = {
  readonly robot: KeyHolder;
  /** The ends that are there, by the newest connection of each. */
  readonly ends: { robot?: RawEnd; client?: RawEnd };
  /** The connection that an end hands over from: it closes it when it is done. */
  readonly former?: RawEnd | undefined;
  /** Carries the operation out to its end. */
  readonly act: () => Promise<unknown>;
  /** The instance of the end that acts, where it differs from that of the others. */
  readonly instance?: string;
  /** The one that notices a failure by itself. An end connects again, an owner asks again, and a superseded instance stays away. */
  readonly actor: "robot" | "client" | "sweeper" | "owner" | "superseded";
  /** The sessions whose items the operation must leave alone. */
  readonly spares: readonly ("robot" | "client")[];
};

export type Stage = (world: World, robot: KeyHolder) => Promise<Omit<Scene, "robot">>;
