import { join } from "node:path";
import type { Files } from "@tether/program/files";
import { replace } from "@tether/program/replace";
import { accountCauses } from "@tether/protocol/account";
import type { Account } from "@tether/sdk/robot";
import * as z from "zod/mini";

/**
 * What a run leaves behind while it goes on, and where it did not sign off. `boot` names the machine's start it ran in; `account` is
 * what it, or its supervisor, still could write; `driverEnds` counts the runs in a row that their driver ended soon.
 */
const Mark = z.object({
  boot: z.optional(z.string()),
  account: z.optional(
    z.object({
      cause: z.enum(accountCauses),
      status: z.optional(z.int()),
      signal: z.optional(z.string()),
      during: z.optional(z.enum(["start", "stop"])),
      times: z.optional(z.int()),
    }),
  ),
  isOver: z.optional(z.boolean()),
  driverEnds: z.optional(z.int()),
});
type Mark = z.infer<typeof Mark>;

/** So many endings of a driver in a row are a loop. */
const loopAfter = 3;

export type Running = {
  /** What ended the run before, where nobody was told yet. */
  readonly before: Account | undefined;
  /** What is to stand in the file if this run ends by an error, or hangs until it is killed. */
  readonly path: string;
  textFor(account: Account): string;
  /** The driver ended, soon after it was ready or not. Answers what that is to be called. */
  driverEnded(account: Account, soon: boolean): Account;
  /** The run is over. `untold`: nobody was told why. */
  end(untold: Account | undefined): Promise<void>;
};

/** Tells a power cut from a crash, and both from a run that signed off. What cannot be written is not known at the next start. */
export async function beginRun(files: Files, folder: string, boot: string | undefined): Promise<Running> {
  const path = join(folder, "running.json");
  const found = await read(files, path);
  let driverEnds = found?.isOver ? (found.driverEnds ?? 0) : 0;
  const write = (mark: Mark) =>
    replace(files, path, `${JSON.stringify({ ...(boot !== undefined && { boot }), ...mark })}\n`).catch(() => {});
  await write({ driverEnds });
  return {
    before: found && beforeOf(found, boot),
    path,
    textFor: (account) => `${JSON.stringify({ ...(boot !== undefined && { boot }), account })}\n`,
    driverEnded(account, soon) {
      driverEnds = soon ? driverEnds + 1 : 1;
      if (driverEnds < loopAfter || account.cause !== "driver.ended") return account;
      return { ...account, cause: "driver.looping", times: driverEnds };
    },
    end: (untold) => write({ isOver: true, driverEnds: untold || driverEnds ? driverEnds : 0, ...(untold && { account: untold }) }),
  };
}

function beforeOf({ account, isOver, boot: ranIn }: Mark, boot: string | undefined): Account | undefined {
  if (account) return account;
  if (isOver) return undefined;
  const isAnother = boot !== undefined && ranIn !== undefined && ranIn !== boot;
  return { cause: isAnother ? "power.lost" : "agent.killed" };
}

async function read(files: Files, path: string): Promise<Mark | undefined> {
  try {
    const found = await files.read(path);
    return found && Mark.parse(JSON.parse(found.text));
  } catch {
    return undefined;
  }
}
