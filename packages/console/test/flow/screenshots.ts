import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { realClock } from "@tether/local/clock/real";
import { password } from "@tether/local/identity/user";
import { createSetup } from "@tether/local/setup";
import { startLife } from "@tether/local/simulated/life";
import { startVisit } from "@tether/local/simulated/visit";
import { startLocal } from "@tether/local/start";
import { RobotId } from "@tether/protocol/id";
import { buildConsole, openBrowser, openPage, signIn } from "./browser.ts";
import { startCameraRobot } from "./camera-robot.ts";
import { say } from "./own-end.ts";

/** Every page at these sizes in both themes, as pictures for people to look at, into `screenshots/`. */
const folder = join(import.meta.dirname, "../../screenshots");
const sizes = [
  [390, 844],
  [844, 390],
  [820, 1180],
  [1440, 900],
  [2560, 1440],
] as const;
const only = process.argv[2];
const cameraRobots = [
  { name: "Two eyes", cameras: 2, axes: 3 },
  { name: "Four eyes", cameras: 4, axes: 6 },
] as const;

await buildConsole();
await mkdir(folder, { recursive: true });
const system = await startLocal({ port: 0, log: () => {} });
const life = await startLife({ system, dataDir: undefined, print: () => {} });
const setup = createSetup(system);
const browser = await openBrowser();
await addRobots();
const robots = await Promise.all(cameraRobots.map((robot) => startCameraRobot(system, robot)));
try {
  for (const colorScheme of ["light", "dark"] as const) {
    const { page, wrong } = await openPage(browser, { colorScheme });
    const shoot = async (name: string, fullPage = true) => {
      if (only !== undefined && !name.startsWith(only)) return;
      for (const [width, height] of sizes) {
        await page.setViewportSize({ width, height });
        // Drawn anew at the new width.
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
        await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`), fullPage });
      }
    };
    await page.goto(`${system.origin}/`);
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    await shoot("welcome");
    await signIn(page, system.origin, "owner", password);
    await page.getByRole("article").getByText("Online").first().waitFor();
    await shoot("fleet");
    for (const { name, cameras } of cameraRobots) {
      await page.getByRole("article").filter({ hasText: name }).getByRole("link", { name: "Drive" }).click();
      await page.locator("[data-freshness='live']").waitFor();
      await page.getByRole("button", { name: "Request control" }).click();
      await page.getByText("You drive", { exact: true }).waitFor();
      await page.evaluate(() => scrollTo(0, 0));
      await shoot(`cameras-${cameras}-large`, false);
      await page.getByRole("button", { name: "Side by side" }).click();
      await shoot(`cameras-${cameras}-side`, false);
      await page.getByRole("button", { name: "Release control" }).click();
      await page.getByRole("link", { name: "Robots" }).click();
    }
    if (only?.startsWith("cameras")) continue;
    await page.getByRole("article").filter({ hasText: "Rover" }).getByRole("link", { name: "Drive" }).click();
    await page.locator("[data-freshness='live']").waitFor();
    await shoot("drive", false);
    await page.getByRole("button", { name: "Request control" }).click();
    await page.getByText("You drive", { exact: true }).waitFor();
    await shoot("drive-held", false);
    await page.mouse.wheel(0, 5_000);
    await shoot("drive-more", false);
    await page.mouse.wheel(0, -5_000);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Resume" }).waitFor();
    await shoot("drive-stopped", false);
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByRole("button", { name: "Release control" }).click();
    await page.getByRole("link", { name: "Robots" }).click();
    await page.getByRole("link", { name: "Rover" }).click();
    await page.getByRole("table").waitFor();
    await page.getByRole("table").getByRole("button").first().click();
    await shoot("timeline");
    for (const [name, ready] of [
      ["Sessions", "Now"],
      ["Access", "Who may do what"],
      ["Set-up", "Keys"],
    ] as const) {
      await page.getByRole("navigation", { name: "Robot" }).getByRole("link", { name }).click();
      await page.getByRole("heading", { name: ready }).waitFor();
      if (name === "Set-up") {
        await page.getByRole("button", { name: "Make a code" }).click();
        await page.getByRole("img", { name: "QR" }).waitFor();
      }
      await shoot(name.toLowerCase());
    }
    await page.getByRole("navigation", { name: "Robot" }).getByRole("link", { name: "Monitor" }).click();
    await page.getByText("Live", { exact: true }).first().waitFor();
    await shoot("monitor-empty");
    const robot = RobotId.parse(new URL(page.url()).pathname.split("/")[2]);
    const token = () => setup.token("operator");
    const leave = startVisit({ api: system.origin, robot, token, clock: realClock, print: () => {} });
    await page.getByRole("row").filter({ hasText: "Control: release" }).first().waitFor();
    const letGo = await say({ api: system.origin, robot, token: await token() }, "not JSON");
    await page.getByRole("row").filter({ hasText: "Refused" }).first().waitFor();
    await shoot("monitor");
    await leave();
    letGo();
    await page.getByRole("link", { name: "Robots" }).click();
    await page.getByRole("link", { name: "Set up a robot" }).click();
    await page.getByLabel("Name").waitFor();
    await shoot("new-robot");
    await page.getByRole("link", { name: "Diagnostics" }).click();
    await page.getByRole("button", { name: "Run the checks" }).click();
    await page.getByRole("button", { name: "Copy the report" }).waitFor();
    await shoot("diagnostics");
    await page.getByRole("link", { name: "Olive Owner" }).click();
    await page.getByText("owner@tether.local").waitFor();
    await shoot("account");
    await page.goto(`${system.origin}/robots/rob_01JZ0000000000000000000000`);
    await page.getByRole("alert").waitFor();
    await shoot("unknown-robot");
    for (const line of wrong) process.stderr.write(`${colorScheme}: ${line}\n`);
    await page.context().close();
  }
} finally {
  await browser.close();
  await life.stop();
  for (const robot of robots) await robot.stop();
  await system.stop();
}
// The robot's WebRTC library may fall over its own end where a process just runs out.
process.exit(0);

/** Robots that stand otherwise than the simulated one: one that was never there, and one that is gone. */
async function addRobots(): Promise<void> {
  const { idToken } = await system.identity.tokensFor("owner@tether.local");
  const headers = { authorization: `Bearer ${idToken}`, "content-type": "application/json" };
  const create = async (name: string): Promise<string> => {
    const answer = await fetch(`${system.origin}/v1/robots`, { method: "POST", headers, body: JSON.stringify({ name }) });
    return ((await answer.json()) as { id: string }).id;
  };
  await create("Hauler 7");
  const [robotId, endedAt] = [await create("North field mower"), system.env.clock.now() - 7_500_000];
  const ending = { cause: "grace.over", actor: { type: "system" }, inferred: false } as const;
  await system.store.entities.lastSession.put({ robotId, endedAt, ending, ttl: endedAt }).go();
}
