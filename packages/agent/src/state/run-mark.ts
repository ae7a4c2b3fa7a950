import { join } from "node:path";
import type { Files } from "@tether/program/files";
import { replace } from "@tether/program/replace";
import { accountCauses } from "@tether/protocol/account";
import type { Account } from "@tether/sdk/robot";
import * as z from "zod/mini";

/**
 * The file that exists while a run goes on and remains if the run did not sign off. `boot` is the machine's boot id; `account` is what the
 * run or its supervisor could still write; `version` is the agent's; `driverEnds` counts consecutive runs that ended because their driver ended soon,
 * and `toldEnds` is that count when the service was told of it last.
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
      offline: z.optional(z.boolean()),
    }),
  ),
  isOver: z.optional(z.boolean()),
  version: z.optional(z.string()),
  driverEnds: z.optional(z.int()),
  toldEnds: z.optional(z.int()),
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
  /** Whether the service is still to be told of this row of a driver's ends: once that it began, and once that it is a loop. */
  isNews(): boolean;
  /** Marks the run as over. `unreported` is the account that the service did not get. */
  end(unreported: Account | undefined): Promise<void>;
};

/** The facts about a run's process: the boot id of its machine, and the agent's version, where they are known. */
type Run = { readonly boot?: string | undefined; readonly version?: string | undefined };

/**
 * Distinguishes a power cut, a crash, an update and a run that signed off. A mark that cannot be written is missing at the next start.
 * `wasOnline`: whether the run before was online as far as it noted.
 */
export async function beginRun(files: Files, folder: string, { boot, version }: Run, wasOnline = true): Promise<RunMark> {
  const path = join(folder, "running.json");
  const found = await read(files, path);
  let hasDriverEnded = false;
  let { driverEnds = 0, toldEnds = 0 } = found?.isOver ? found : {};
  const run = { ...(boot !== undefined && { boot }), ...(version !== undefined && { version }) };
  const write = (mark: Mark) => replace(files, path, `${JSON.stringify({ ...run, ...mark })}\n`).catch(() => {});
  await write({ driverEnds });
  return {
    before: found && beforeOf(found, { boot, version }, wasOnline),
    path,
    textFor: (account) => `${JSON.stringify({ ...run, account })}\n`,
    driverEnded(account, soon) {
      hasDriverEnded = true;
      driverEnds = soon ? driverEnds + 1 : 1;
      if (!soon) toldEnds = 0;
      if (driverEnds < loopAfter || account.cause !== "driver.ended") return account;
      return { ...account, cause: "driver.looping", times: driverEnds };
    },
    isNews: () => toldEnds === 0 || (toldEnds < loopAfter && driverEnds >= loopAfter),
    end(unreported) {
      // A run that ends otherwise ends the row.
      const row = hasDriverEnded ? { driverEnds, toldEnds: unreported ? toldEnds : driverEnds } : { driverEnds: 0 };
      return write({ isOver: true, ...row, ...(unreported && { account: unreported }) });
    },
  };
}

function beforeOf({ account, isOver, ...ran }: Mark, { boot, version }: Run, wasOnline: boolean): Account | undefined {
  const isAnother = (one: string | undefined, other: string | undefined) => one !== undefined && other !== undefined && one !== other;
  if (isOver) return account ?? (isAnother(version, ran.version) ? { cause: "agent.updated" } : undefined);
  const found: Account = account ?? { cause: isAnother(boot, ran.boot) ? "power.lost" : "agent.killed" };
  return wasOnline ? found : { ...found, offline: true };
}

async function read(files: Files, path: string): Promise<Mark | undefined> {
  try {
    const found = await files.read(path);
    return found && Mark.parse(JSON.parse(found.text));
  } catch {
    return undefined;
  }
}
