import { isTrouble as isTold, type Trouble as Told } from "@tether/program/trouble";

/** How the program ends. */
export const exits = {
  fine: { code: 0, says: "Done. token inspect: the token lives as long as is configured." },
  failed: { code: 1, says: "It did not work this time; trying again may help." },
  differs: { code: 1, says: "token inspect: the token lives shorter, or longer, than is configured." },
  unwell: { code: 1, says: "doctor: a check failed." },
  usage: { code: 2, says: "The command line is wrong, names a robot that is not there, or that is no token." },
  unsigned: { code: 3, says: "Nobody is signed in here, or the sign-in is over." },
  unsafe: { code: 4, says: "The kept sign-in cannot be used: others can read it, it is not ours, or it is damaged." },
  refused: { code: 5, says: "The service or the issuer said no." },
} as const satisfies Record<string, { code: number; says: string }>;

export type Exit = keyof typeof exits;

const codes = new Map<string, number>(Object.entries(exits).map(([exit, { code }]) => [exit, code]));

export function codeOf(exit: string): number {
  return codes.get(exit) ?? exits.failed.code;
}

export type Trouble = Told<Exclude<Exit, "fine" | "differs" | "unwell">>;

/** A command ends well, with a token that differs or a check that failed, or with trouble that has yet to be said. */
export type Outcome = "fine" | "differs" | "unwell" | Trouble;

export function isTrouble(value: unknown): value is Trouble {
  return isTold(value) && codes.has(value.exit);
}

export function usage(says: string, remedy = "See tether --help."): Trouble {
  return { exit: "usage", code: "arguments.invalid", says, remedy };
}
