import { isTrouble as isTold, type Trouble as Told } from "@tether/program/trouble";

/** How the program ends. `usage`, `unenrolled` and `unsafe` are for a person to mend at the robot; all others are worth another start. */
export const exits = {
  done: { code: 0, says: "Done, or stopped when asked to." },
  failed: { code: 1, says: "It did not work this time; trying again may help." },
  usage: { code: 2, says: "The command line or the configuration is wrong." },
  unenrolled: { code: 3, says: "This robot is not enrolled." },
  unsafe: {
    code: 4,
    says: "The key file or its folder cannot be used: others can read or write it, it is not ours, it is damaged, or it keeps nothing.",
  },
  refused: { code: 5, says: "The service said no for good: the code, the key or the robot is not, or no longer, known." },
  running: { code: 6, says: "run goes on already on this machine, for the same robot." },
  driver: { code: 7, says: "Its driver ended, whatever the driver's own code was." },
} as const satisfies Record<string, { code: number; says: string }>;

export type Exit = keyof typeof exits;

const codes = new Map<string, number>(Object.entries(exits).map(([exit, { code }]) => [exit, code]));

export function codeOf(exit: string): number {
  return codes.get(exit) ?? exits.failed.code;
}

export type Trouble = Told<Exclude<Exit, "done">>;

export function isTrouble(value: unknown): value is Trouble {
  return isTold(value) && codes.has(value.exit);
}
