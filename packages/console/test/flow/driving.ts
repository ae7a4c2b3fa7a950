import type { Browser, Page } from "playwright-core";
import { expect } from "vitest";
import { countPeers, startDrivePages, takeControl } from "./drive-page.ts";

/** A page that drives by a key that is held down. Time goes by for the system, the robot and the page by what is called here alone. */
export async function startDriving(browser: Browser) {
  const drivePages = await startDrivePages(browser, { clock: "virtual" });
  const { deeds, lines } = drivePages;
  const page = await drivePages.openDrive("operator");
  const peers = await countPeers(page);
  // The sweeper frees what was kept for a holder that is away: its next round is more than a story off.
  const sweeps = () => lines.filter(({ event }) => event === "sweep").length;
  for (const swept = sweeps(); sweeps() === swept; ) await drivePages.ahead(5_000);
  await drivePages.hold(page);
  const meanwhile = <Result>(work: Promise<Result>) => drivePages.meanwhile(page, work);
  const pass = (ms: number, isOver?: () => boolean) => drivePages.pass(page, ms, isOver);
  /** Waits until the robot is driven again. */
  const moving = async (from: number) => {
    await pass(10_000, () => drivePages.moves(from).length > 0);
    expect(drivePages.moves(from).length).toBeGreaterThan(0);
  };
  await meanwhile(takeControl(page));
  await page.keyboard.down("a");
  await moving(0);
  return {
    ...drivePages,
    page,
    peers,
    pass,
    moving,
    meanwhile,
    says: (words: string | RegExp) => meanwhile(page.getByText(words).waitFor()),
    drives: () => meanwhile(page.getByText("You drive", { exact: true }).waitFor()),
    /** But for those of a machine that is too busy to have the page command in time. */
    stops: (from: number) => deeds.all.slice(from).flatMap((deed) => (deed.did === "stop" && deed.reason !== "deadman" ? [deed] : [])),
    /** How often control was renewed. */
    renewals: () => lines.filter(({ type }) => type === "control.renew").length,
  };
}

/** The page's way to the system breaks; that to the robot does not. */
export async function cutPage(page: Page, connections: Awaited<ReturnType<typeof startDrivePages>>["connections"]): Promise<void> {
  await page.context().setOffline(true);
  for (const { connectionId, authorizer } of connections.list())
    if (authorizer.principalId.startsWith("cse_")) connections.cut(connectionId);
}
