/** A line of the log, one per step: ids, codes and numbers only; never a ticket, token, key or description. */
export type LogLine = { readonly event: string; readonly [fact: string]: string | number | boolean | undefined };
/** Takes a line of the log. */
export type Log = (line: LogLine) => void;
