import { join } from "node:path";
import type { Files } from "@tether/program/files";
import type { Account } from "@tether/sdk/robot";

type Env = {
  readonly files: Files;
  readonly config: { readonly state: string };
  readonly process: { readonly version?: string | undefined; readonly installed?: () => string | undefined };
  /** Where several versions are installed beside each other, the one that the next start runs is `current`. */
  readonly installation?: { readonly version: string; readonly current: () => string | undefined } | undefined;
};

/** The file that an installer writes before it stops an agent that it is about to replace. */
const noteIn = (folder: string) => join(folder, "updating");

/** The account of an agent that is stopped for an update: another version is installed already, or an installer says that it will be. */
export async function updateOf({ files, config, process, installation }: Env): Promise<Account | undefined> {
  const { version, installed = () => version } = installation ? { ...installation, installed: installation.current } : process;
  const isReplaced = installed() !== version || (await files.read(noteIn(config.state)).catch(() => undefined)) !== undefined;
  return isReplaced ? { cause: "agent.updated" } : undefined;
}

/** Removes the installer's note once an agent runs again. A note that cannot be removed makes the next stop an update, and no more. */
export async function endUpdate(files: Files, folder: string): Promise<void> {
  await files.remove(noteIn(folder)).catch(() => {});
}
