import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { createSetup } from "@tether/local/setup";
import { startLife } from "@tether/local/simulated/life";
import { startLocal } from "@tether/local/start";
import { createApi, routes } from "@tether/sdk/api";
import { makeKeyPair, type PrivateKey, publicKeyOf } from "@tether/sdk/robot";
import { build } from "esbuild";
import { chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startAgentOn, folder as stateFolder } from "../../packages/agent/test/agent-process.ts";
import { startOperator } from "../../packages/agent/test/peer/operator.ts";
import { ownerOf } from "../../packages/agent/test/service.ts";
import { type Packed, pack } from "../pack.ts";
import { root } from "../package.ts";
import { startSite } from "../trial/site.ts";
import { checkTypes, compilers, installTools, makeProject, nodes, projects, run, toolPath } from "../trial/trial.ts";

const folder = mkdtempSync(join(tmpdir(), "install-"));
const project = join(folder, "app");
const tarball = (name: string) => join(folder, packed.find((one) => one.name === name)?.file ?? "");
let packed: readonly Packed[] = [];
let system: Awaited<ReturnType<typeof startLocal>>;
let site: Awaited<ReturnType<typeof startSite>>;

beforeAll(async () => {
  packed = await pack({ out: folder });
  installTools();
  makeProject(project, [tarball("@tether/sdk"), tarball("@tether/console")]);
  run(process.execPath, [join(root, "node_modules/.bin/vite"), "build"], project);
  site = await startSite(project);
  system = await startLocal({ port: 0, log: () => {}, origins: [site.origin] });
});
afterAll(async () => {
  site.close();
  await system.stop();
  rmSync(folder, { recursive: true });
});

const programs = join(folder, "programs");

/** Installs the two programs, once. */
function installPrograms(): void {
  if (existsSync(programs)) return;
  const tarballs = [tarball("@tether/cli"), tarball("@tether/agent")];
  run("npm", ["install", "--prefix", programs, "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error", ...tarballs], folder);
}

async function enrolled(name: string) {
  const key: PrivateKey = await makeKeyPair("ed25519");
  const setup = createSetup(system);
  const robot = await setup.robot(name, publicKeyOf(key));
  return { api: system.origin, robot, key, idToken: await setup.token("operator") };
}

/** Runs a program while this process serves it. */
async function output(node: string, args: readonly string[]): Promise<string> {
  const child = spawn(node, args, { cwd: project, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return out || err;
}

test.each(Object.entries(compilers))(
  "types are whole with %s, strictly and declarations too: a robot's program without the DOM, a page by a bundler",
  (_, compiler) => {
    checkTypes(project, compiler, projects.robot, "nodenext");
    checkTypes(project, compiler, projects.page, "bundler");
  },
);

test("publint and Are The Types Wrong find nothing", () => {
  for (const name of ["@tether/protocol", "@tether/sdk", "@tether/console", "@tether/agent"]) {
    run(process.execPath, [toolPath("publint"), "run", tarball(name), "--strict"], folder);
    run(process.execPath, [toolPath("attw"), tarball(name), "--profile", "esm-only", "--exclude-entrypoints", "drive.css"], folder);
  }
  run(process.execPath, [toolPath("publint"), "run", tarball("@tether/cli"), "--strict"], folder);
});

test.each(Object.entries(nodes))("a client and a robot that esbuild bundled meet on %s", async (name, node) => {
  const bundle = join(project, "run.mjs");
  await build({
    entryPoints: [join(project, "run.ts")],
    absWorkingDir: project,
    outfile: bundle,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: ["ws"],
    logLevel: "error",
  });
  expect(JSON.parse(await output(node, [bundle, JSON.stringify(await enrolled(name))]))).toEqual({ heard: "hello" });
});

test.each([nodes["Node 20"], nodes["Node 22"]])(
  "a program says on a Node that knows no proxies that it follows none (%#)",
  async (node) => {
    installPrograms();
    const home = stateFolder();
    const env = { HOME: home, HTTPS_PROXY: "http://127.0.0.1:1" };
    const said = spawnSync(node, [join(programs, "node_modules/.bin/tether"), "robot", "list"], { encoding: "utf8", env });
    expect(said.stderr).toMatch(/^HTTPS_PROXY is not followed, because Node [\d.]+ sends nothing by way of a proxy/m);
    expect(said.stderr).toContain("Nobody is signed in here.");
  },
);

test("a program that its Node cannot run says so at once: one that is too old, or one without what locks files on this machine", () => {
  installPrograms();
  const alone = join(folder, "alone");
  cpSync(join(programs, "node_modules/@tether/cli"), alone, { recursive: true });
  const old = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.0" } });';
  const said = (...flags: string[]) => {
    const { status, stderr } = spawnSync(nodes["Node 20"], [...flags, join(alone, "bin/tether.js"), "--help"], { encoding: "utf8" });
    return [status, stderr];
  };
  expect(said()).toEqual([
    1,
    expect.stringMatching(/^tether needs Node 22\.13 or newer on \w+-\w+, where fs-native-extensions does not load; this is 20\./),
  ]);
  expect(said("--import", `data:text/javascript,${encodeURIComponent(old)}`)).toEqual([
    1,
    "tether needs Node 20 or newer; this is 18.20.0.\n",
  ]);
});

test.each(Object.entries(nodes))("an internal module cannot be imported on %s", async (_, node) => {
  const tried = `import("@tether/sdk/session/open").catch(({ code }) => console.log(code))`;
  expect(await output(node, ["--input-type=module", "-e", tried])).toBe("ERR_PACKAGE_PATH_NOT_EXPORTED\n");
});

test.each(Object.entries(nodes))(
  "an installed tether-robot enrolls on %s, lets an operator drive, and is one at a time",
  async (_, node) => {
    installPrograms();
    const installed = { node, bin: join(programs, "node_modules/.bin/tether-robot") };
    const owner = ownerOf(system);
    const robot = await owner.createRobot();
    const state = stateFolder();
    const start = (...args: string[]) => startAgentOn(installed, {}, state, ...args);
    await start("enroll", system.origin, await owner.codeFor(robot)).saying({ enrolled: true });
    const first = start("run", "--driver", "simulated");
    await first.saying({ status: "online" });

    const ada = startOperator({ api: system.origin, robot, token: () => createSetup(system).token("owner") });
    ada.drive.request();
    await ada.ready();
    ada.hold({ linear: 0.5, angular: 0 });
    await ada.heard.until("motion", ({ name, event }) => name === "telemetry" && JSON.stringify(event).includes('"linear":0.5'));
    await ada.leave();

    expect(await start("run", "--driver", "simulated").ended).toBe(6);
    first.kill();
    await first.ended;
    const next = start("run", "--driver", "simulated");
    await next.saying({ status: "online" });
    next.stop();
    expect(await next.ended).toBe(0);
  },
);

/** Opens a page of the application, which says what its browser complained of. */
async function openPage(path: string, settings: object) {
  const executablePath = process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((one) => existsSync(one));
  if (executablePath === undefined) throw new Error("Chromium is not installed: apt-get install chromium");
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  page.on("pageerror", (error) => expect.soft(String(error)).toBe("no error in the page"));
  site.tell(settings);
  await page.goto(`${site.origin}/${path}`);
  return page;
}

/** The simulated robot's page, as its operator would open it from an application. */
async function settingsOfRover() {
  const told: string[] = [];
  const life = await startLife({ system, dataDir: undefined, print: (line) => void told.push(line) });
  onTestFinished(() => life.stop());
  // The demo's own visitor drives first.
  await expect.poll(() => told.some((line) => line.includes("stopped by itself")), { timeout: 120_000 }).toBe(true);
  const token = await createSetup(system).token("operator");
  const robots = await createApi({ api: system.origin, token: async () => token }).call(routes.listRobots, { query: { name: "Rover" } });
  return { api: system.origin, robot: "value" in robots ? robots.value.items[0]?.id : undefined, token };
}

async function takesControlAndStops(page: Page) {
  await page.getByRole("button", { name: "Request control" }).click();
  await page.getByText("You drive", { exact: true }).waitFor();
  await page.keyboard.press("Space");
  await page.getByText("The robot stopped").waitFor();
}

test("a page that Vite built of React components is online, from an origin of its own", async () => {
  const { api, robot, idToken } = await enrolled("Vite");
  const page = await openPage("react.html", { api, robot, token: idToken });
  await expect.poll(() => page.textContent("#status"), { timeout: 60_000 }).toBe("online 0");
});

test("a plain module script imports the package by two lines of an import map, and is online", async () => {
  const { api, robot, idToken } = await enrolled("Script");
  const page = await openPage("script.html", { api, robot, token: idToken });
  await expect.poll(() => page.title(), { timeout: 60_000 }).toBe("online");
});

test("an application embeds <DriveView>, drives and stops the robot in it, with its own theme and its own styles left alone", async () => {
  const page = await openPage("embed.html", await settingsOfRover());
  await takesControlAndStops(page);
  const colour = (selector: string, name: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element, property) => getComputedStyle(element).getPropertyValue(property), name);
  expect(await colour("h1", "color")).toBe("rgb(1, 2, 3)");
  expect(await colour(".tether-drive .card", "--accent")).toBe("#5a1478");
});

test("a page without React embeds <tether-drive>, drives and stops the robot in it", async () => {
  await takesControlAndStops(await openPage("element.html", await settingsOfRover()));
});
