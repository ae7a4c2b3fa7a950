import { Declaration } from "@tether/protocol/declaration";

/** The command of a robot that declared itself so, as its driver gets it: every speed by its name, and a position where it is wanted. */
export type CommandOf<Declared extends Declaration> = {
  readonly [Axis in Declared["axes"][number] as Axis["name"]]: Axis extends { readonly by: "position" } ? number | undefined : number;
};

/**
 * Declares what a robot is, with the names of its axes in its type. Throws where it is no declaration, e.g. of an axis that never rests.
 *
 * @example
 * const arm = declareRobot({ kind: "arm", axes: [{ name: "elbow", unit: "rad/s", least: -1, most: 1 }], buttons: [], telemetry: [] });
 * const guard = session.guard({ declaration: arm, onCommand: (command) => move(command as CommandOf<typeof arm>), stop });
 */
export function declareRobot<const Declared extends Declaration>(declared: Declared): Declared {
  const parsed = Declaration.safeParse(declared);
  if (parsed.success) return declared;
  const where = parsed.error.issues.map(({ path }) => path.join(".")).join(", ");
  throw new TypeError(`This is no declaration of a robot: see ${where}.`);
}
