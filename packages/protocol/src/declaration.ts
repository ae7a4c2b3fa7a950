import * as z from "zod/mini";
import { Text } from "./text.ts";

/** The key of a command of a declared robot that presses a button, so no axis has this name. R36 */
export const pressField = "press";

/** The name of an axis or a button: what commands call it. */
const Name = z.string().check(
  z.regex(/^[A-Za-z][A-Za-z0-9_]{0,31}$/),
  z.refine((name) => name !== pressField),
);
/** Words for people: what a name or a unit is called on the page. */
const Word = Text.check(z.minLength(1), z.maxLength(32));
/** A field's place in the telemetry: its name, or the names on the way to it. */
const FieldPath = Text.check(z.minLength(1), z.maxLength(64));

const Bound = z.number().check(z.gte(-1e6), z.lte(1e6));

/** The bounds of a speed reach across 0: a robot at rest has every such axis at 0. An axis by position is told where to go. */
export const Axis = z
  .object({
    name: Name,
    /** The unit of its speed, of which the policy bounds `m/s` and `rad/s` as well, or of its position. */
    unit: Word,
    least: Bound,
    most: Bound,
    /** A command names the axis's speed or its position. Default: speed. */
    by: z.optional(z.enum(["speed", "position"])),
    title: z.optional(Word),
  })
  .check(
    z.refine(({ by, least }) => by === "position" || least <= 0, { path: ["least"] }),
    z.refine(({ by, least, most }) => most >= (by === "position" ? least : 0), { path: ["most"] }),
  );
/** The bounds of a speed reach across 0: a robot at rest has every such axis at 0. An axis by position is told where to go. */
export type Axis = Readonly<z.infer<typeof Axis>>;

/** An action that is begun by a press. */
export const Button = z.object({ name: Name, title: z.optional(Word) });
/** An action that is begun by a press. */
export type Button = Readonly<z.infer<typeof Button>>;

/** A measurement that a page shows: its name, or the way to it (`battery.percent`), its unit, and what people call it. */
export const TelemetryField = z.object({ name: FieldPath, unit: z.optional(Word), title: z.optional(Word) });
/** A measurement that a page shows: its name, or the way to it (`battery.percent`), its unit, and what people call it. */
export type TelemetryField = Readonly<z.infer<typeof TelemetryField>>;

const hasNamesOnce = z.refine((named) => {
  const names = (named as readonly { readonly name: string }[]).map(({ name }) => name);
  return new Set(names).size === names.length;
});

/** The most axes, buttons and fields of a robot. */
const most = { axes: 16, buttons: 16, telemetry: 32 } as const;

/** A robot's declaration of itself: its commands are judged by it, and a page makes its controls from it. R35 */
export const Declaration = z.object({
  kind: z.enum(["differential", "holonomic", "ackermann", "arm", "ptz", "none"]),
  /** The first is driven by the stick's way ahead, the second by its way to the left, the third and fourth by the second stick, and so on. */
  axes: z.array(Axis).check(z.maxLength(most.axes), hasNamesOnce),
  buttons: z.array(Button).check(z.maxLength(most.buttons), hasNamesOnce),
  telemetry: z.array(TelemetryField).check(z.maxLength(most.telemetry), hasNamesOnce),
});
export type Declaration = {
  readonly kind: z.infer<typeof Declaration>["kind"];
  readonly axes: readonly Axis[];
  readonly buttons: readonly Button[];
  readonly telemetry: readonly TelemetryField[];
};

/** A press of a button within a command. The key is random, and the same in every command that tells of the same press. R37 */
export const Press = z.object({ button: Name, key: Text.check(z.minLength(16), z.maxLength(64)) });
export type Press = z.infer<typeof Press>;
