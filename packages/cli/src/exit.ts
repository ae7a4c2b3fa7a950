import { isTrouble as isProgramTrouble, type Trouble as ProgramTrouble } from "@tether/program/trouble";

/** The exit codes and their meaning. */
export const exits = {
  done: { code: 0, says: "Done. token inspect: the token lives as long as configured." },
  failed: { code: 1, says: "The command failed this time; trying again may help." },
  differs: { code: 1, says: "token inspect: the token lives shorter or longer than configured." },
  unwell: { code: 1, says: "doctor: a check failed." },
  usage: { code: 2, says: "The command line is wrong, names an unknown robot, or the token is not one." },
  unsigned: { code: 3, says: "Nobody is signed in here, or the sign-in has expired." },
  unsafe: { code: 4, says: "The stored sign-in cannot be used: others can read it, it belongs to another user, or it is damaged." },
  refused: { code: 5, says: "The service or the issuer refused." },
} as const satisfies Record<string, { code: number; says: string }>;

type Exit = keyof typeof exits;

const codes = new Map<string, number>(Object.entries(exits).map(([exit, { code }]) => [exit, code]));

export function codeOf(exit: string): number {
  return codes.get(exit) ?? exits.failed.code;
}

export type Trouble = ProgramTrouble<Exclude<Exit, "done" | "differs" | "unwell">>;

/** The result of a command. Trouble has yet to be printed; everything else has been. */
export type Outcome = "done" | "differs" | "unwell" | Trouble;

export function isTrouble(value: unknown): value is Trouble {
  return isProgramTrouble(value) && codes.has(value.exit);
}

export function usage(says: string, remedy = "See tether --help."): Trouble {
  return { exit: "usage", code: "arguments.invalid", says, remedy };
}
