import type { ControlPolicy } from "@tether/protocol/control";
import type { Axis } from "@tether/sdk/client";
import { axesOf, type Intent } from "./input/input.ts";
import { isByPosition } from "./set-points.ts";

type Policy = Pick<ControlPolicy, "maxLinear" | "maxAngular"> | undefined;

/** The policy's bound of an axis, which goes by its unit. R36 */
function boundOf(unit: string, policy: Policy): number {
  const bound = unit === "m/s" ? policy?.maxLinear : unit === "rad/s" ? policy?.maxAngular : undefined;
  return bound ?? Number.POSITIVE_INFINITY;
}

const ahead = (axis: Axis, policy: Policy) => Math.min(axis.most, boundOf(axis.unit, policy));
const back = (axis: Axis, policy: Policy) => Math.min(-axis.least, boundOf(axis.unit, policy));

/** The speeds of a robot that declared its axes for an intent, at a share of the most in percent. */
export function axesCommand(axes: readonly Axis[], intent: Intent, share: number, policy: Policy): Readonly<Record<string, number>> {
  const wanted = axesOf(intent);
  const speeds = axes.flatMap((axis, at) => {
    if (isByPosition(axis)) return [];
    const wish = Math.max(-1, Math.min(1, wanted[at] ?? 0));
    return [[axis.name, (wish * (wish > 0 ? ahead(axis, policy) : back(axis, policy)) * share) / 100] as const];
  });
  return Object.fromEntries(speeds);
}

/** The title of an axis, a button or a field of telemetry, as people read it. */
export function titleOf({ name, title }: { readonly name: string; readonly title?: string | undefined }): string {
  return title ?? `${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll("_", " ")}`;
}

/** More axes than these are not named one by one. */
const namedMost = 4;

export function axesWords(all: readonly Axis[], share: number, policy: Policy): string {
  const axes = all.filter((axis) => !isByPosition(axis));
  if (axes.length === 0) return `${share} % of its speed`;
  if (axes.length > namedMost) return `${share} % of what each axis can do`;
  const most = (axis: Axis) => (Math.max(ahead(axis, policy), back(axis, policy)) * share) / 100;
  return axes.map((axis) => `${titleOf(axis)} ${most(axis).toFixed(2)} ${axis.unit}`).join(", ");
}
