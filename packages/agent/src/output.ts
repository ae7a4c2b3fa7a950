/** What may wait to be read, in bytes. A reader that stalls must not fill the agent's memory. */
const waitingMost = 256 * 1024;

/** Writes lines to standard output or error. What cannot be written is lost: output is not part of the job. */
export function createOutput(stream: NodeJS.WriteStream): (line: string) => void {
  // Without a listener a reader that is gone, or a full disk, would end the agent.
  stream.on("error", () => {});
  return (line) => {
    if (stream.writable && stream.writableLength < waitingMost) stream.write(`${line}\n`);
  };
}
