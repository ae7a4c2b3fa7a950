import { isTrouble as isProgramTrouble, type Trouble as ProgramTrouble } from "@tether/program/trouble";

/** The exit codes. `usage`, `unenrolled` and `unsafe` need a person at the robot; after all others another start may help. */
export const exits = {
  done: { code: 0, says: "Done, or stopped when asked to." },
  failed: { code: 1, says: "The command failed; trying again may help." },
  unwell: { code: 1, says: "doctor: a check failed." },
  usage: { code: 2, says: "The command line or the configuration is wrong." },
  unenrolled: { code: 3, says: "This robot is not enrolled." },
  unsafe: {
    code: 4,
    says: "The key file or its folder cannot be used: others can read or write it, another user owns it, it is damaged, or it does not keep what is written.",
  },
  refused: { code: 5, says: "The service refused for good: the code, the key or the robot is unknown, or no longer known." },
  running: { code: 6, says: "Another process on this machine already runs this robot." },
  driver: { code: 7, says: "The driver ended, with whatever code of its own." },
  updating: { code: 8, says: "Another version is installed: the next start runs it." },
} as const satisfies Record<string, { code: number; says: string }>;

export type Exit = keyof typeof exits;

const codes = new Map<string, number>(Object.entries(exits).map(([exit, { code }]) => [exit, code]));

export function codeOf(exit: string): number {
  return codes.get(exit) ?? exits.failed.code;
}

export type Trouble = ProgramTrouble<Exclude<Exit, "done" | "unwell">>;

export function isTrouble(value: unknown): value is Trouble {
  return isProgramTrouble(value) && codes.has(value.exit);
}
