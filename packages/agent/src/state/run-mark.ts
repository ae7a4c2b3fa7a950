import { join } from "node:path";
import type { Files } from "@tether/program/files";
import { replace } from "@tether/program/replace";
import { accountCauses } from "@tether/protocol/account";
import type { Account } from "@tether/sdk/robot";
import * as z from "zod/mini";

/**
 * The file that exists while a run goes on and remains if the run did not sign off. `boot` is the machine's boot id; `account` is what the
 * run or its supervisor could still write; `driverEnds` counts consecutive runs that ended because their driver ended soon.
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

/** The number of consecutive ends of a driver that counts as a crash loop. */
const loopAfter = 3;

export type RunMark = {
  /** The account of the previous run's end, if it was not reported yet. */
  readonly before: Account | undefined;
  /** The file, and its text for a run that ends by an error or is killed because it hangs. */
  readonly path: string;
  textFor(account: Account): string;
  /** Counts an end of the driver. Returns the account, which names a crash loop if it is one. */
  driverEnded(account: Account, soon: boolean): Account;
  /** Marks the run as over. `unreported` is the account that the service did not get. */
  end(unreported: Account | undefined): Promise<void>;
};

/** Distinguishes a power cut, a crash and a run that signed off. A mark that cannot be written is missing at the next start. */
export async function beginRun(files: Files, folder: string, boot: string | undefined): Promise<RunMark> {
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
    end: (unreported) =>
      write({ isOver: true, driverEnds: unreported || driverEnds ? driverEnds : 0, ...(unreported && { account: unreported }) }),
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
