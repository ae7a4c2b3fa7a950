/** One line per step: ids, codes and numbers only; never a ticket, token, key or description. */
export type Line = { readonly event: string; readonly [fact: string]: string | number | boolean | undefined };
export type Log = (line: Line) => void;
