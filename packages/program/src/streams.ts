export type Streams = { out(line: string): void; err(line: string): void };

/** Standard output and error. `gone` is called once nobody reads standard output any more, as after `| head`. */
export function standardStreams(gone: () => void): Streams {
  const write = (stream: NodeJS.WriteStream) => (line: string) => void stream.write(`${line}\n`);
  for (const stream of [process.stdout, process.stderr]) {
    // Without a listener, a reader that leaves would end the program with a stack trace.
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      if (stream === process.stdout) gone();
    });
  }
  return { out: write(process.stdout), err: write(process.stderr) };
}
