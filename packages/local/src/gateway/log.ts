export type LogLine = { level: "debug" | "info" | "warn" | "error"; event: string } & Record<string, unknown>;

/** Takes one structured line; ids and codes, never bodies or headers. */
export type Log = (line: LogLine) => void;
