import { type Axis, type Declaration, Press, pressField } from "@tether/protocol/declaration";
import type { Bounds } from "./state.ts";

type Fields = Readonly<Record<string, unknown>>;

function isFields(command: unknown): command is Fields {
  return typeof command === "object" && command !== null && !Array.isArray(command);
}

/** Whether a command names declared axes and presses a declared button, and nothing else. R36, R37 */
export function isDeclared({ axes, buttons }: Declaration, command: unknown): boolean {
  if (!isFields(command)) return false;
  return Object.entries(command).every(([name, value]) => {
    if (name !== pressField) return axes.some((axis) => axis.name === name);
    const press = Press.safeParse(value);
    return press.success && buttons.some((button) => button.name === press.data.button);
  });
}

/** Judges the commands of one client: what names anything that was not declared is none. The first of those is told. R36 */
export function createDeclarationCheck(declaration: Declaration | undefined, undeclared: () => void): (command: unknown) => boolean {
  let isRefused = false;
  return (command) => {
    const isCommand = !declaration || isDeclared(declaration, command);
    if (!isCommand && !isRefused) undeclared();
    isRefused ||= !isCommand;
    return isCommand;
  };
}

/**
 * Every axis as the driver may be given it. Speeds: one that is not named, or is no finite number, at 0, the others within their bounds; then all
 * of them by the same share no faster than the policy says, and the share `limit` of that. Positions that are named, within their bounds,
 * and none where `limit` is below 1: how fast an axis goes there is not known here. R23, R36
 */
export function limitAxes({ axes }: Declaration, command: unknown, { maxLinear, maxAngular }: Bounds, limit: number) {
  const policy: Readonly<Record<string, number | null>> = { "m/s": maxLinear, "rad/s": maxAngular };
  const given = isFields(command) ? command : {};
  const wantedOf = ({ name, least, most }: Axis): number | undefined => {
    const wanted = Object.hasOwn(given, name) ? given[name] : undefined;
    return typeof wanted === "number" && Number.isFinite(wanted) ? Math.max(least, Math.min(most, wanted)) : undefined;
  };
  const positions = axes.flatMap((axis) => {
    const position = axis.by === "position" && limit >= 1 ? wantedOf(axis) : undefined;
    return position === undefined ? [] : [[axis.name, position] as const];
  });
  const speeds = axes.filter(({ by }) => by !== "position");
  const bounded = speeds.map((axis) => {
    const { name, unit } = axis;
    const speed = wantedOf(axis) ?? 0;
    const bound = Object.hasOwn(policy, unit) ? policy[unit] : null;
    return { name, speed, share: typeof bound === "number" && Math.abs(speed) > bound ? bound / Math.abs(speed) : 1 };
  });
  const share = Math.min(1, ...bounded.map((axis) => axis.share));
  return Object.fromEntries([...bounded.map(({ name, speed }) => [name, speed * share * limit] as const), ...positions]);
}

/** The number of presses that are remembered; a command that tells of an older one is too old to be obeyed. */
const remembered = 64;

/** Finds the presses that are new among those that commands tell of: each is told in many, as any of them may be lost. R37 */
export function createPresses() {
  let keys: readonly string[] = [];
  return {
    /** The button of a press that no command told of before. */
    take(command: unknown): string | undefined {
      const press = isFields(command) && Object.hasOwn(command, pressField) ? Press.safeParse(command[pressField]) : undefined;
      if (!press?.success || keys.includes(press.data.key)) return undefined;
      keys = [...keys, press.data.key].slice(-remembered);
      return press.data.button;
    },
  };
}
