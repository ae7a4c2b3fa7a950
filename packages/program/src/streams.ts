export type Streams = { out(line: string): void; err(line: string): void };

type Options = {
  /** Called once nobody reads standard output any more, as after `| head`. */
  readonly gone?: () => void;
  /** The most that may wait for a slow reader, in bytes; further lines are dropped. A program that runs for years needs such a limit. */
  readonly maxWaiting?: number;
};

/** Prints lines to standard output and error. A program must not end because a line cannot be written, so the line is dropped. */
export function createStreams({ gone = () => {}, maxWaiting = Number.POSITIVE_INFINITY }: Options): Streams {
  process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => code === "EPIPE" && gone());
  const linesTo = (stream: NodeJS.WriteStream) => {
    // Without a listener, a reader that leaves or a full disk would end the program with a stack trace.
    stream.on("error", () => {});
    return (line: string) => {
      if (stream.writable && stream.writableLength < maxWaiting) stream.write(`${line}\n`);
    };
  };
  return { out: linesTo(process.stdout), err: linesTo(process.stderr) };
}
