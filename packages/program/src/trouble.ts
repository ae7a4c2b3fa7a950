/** Why a command ends without what was asked for: the fact, and the first thing to do. Each program has its own exits. */
export type Trouble<Exit extends string = string> = {
  readonly exit: Exit;
  readonly code: string;
  readonly says: string;
  readonly remedy: string;
};

export function isTrouble(value: unknown): value is Trouble {
  return typeof value === "object" && value !== null && "exit" in value && "remedy" in value;
}
