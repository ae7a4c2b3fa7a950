import { createServer } from "node:http";
import { createSetup } from "@tether/local/setup";
import { type Local, startLocal } from "@tether/local/start";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startOperator } from "../peer/operator.ts";
import { ownerOf } from "../service.ts";
import { bareUser } from "./bare.ts";

// All tests share a server, because it makes its release when that is first asked for.
let system: Local;
beforeAll(async () => {
  system = await startLocal({ port: 0, log: () => {} });
});
afterAll(() => system.stop());

const lineOf = (origin: string, code: string) => `curl -fsSL ${origin}/install/robot.sh | sh -s -- ${code}`;

test("one pasted line brings a bare machine's robot online and drivable, again it changes nothing, and --remove leaves nothing", async () => {
  const { origin } = system;
  const owner = ownerOf(system);
  const robot = await owner.createRobot();
  const line = lineOf(origin, await owner.codeFor(robot));
  const { paste, files, keeper, processes } = bareUser();

  const first = await paste(line);
  expect([first.code, first.said]).toEqual([0, expect.stringContaining("online.")]);
  expect(first.said).toContain("there is no systemd here");
  expect(first.said).toMatch(/\.local\/bin is not in your PATH; its command is .+\.local\/bin\/tether-robot$/m);
  const { token } = createSetup(system);
  const ada = startOperator({ api: origin, robot, token: () => token("owner") });
  ada.drive.request();
  await ada.ready();
  ada.hold({ linear: 0.5, angular: 0 });
  await ada.heard.until("motion", ({ name, event }) => name === "telemetry" && JSON.stringify(event).includes('"linear":0.5'));
  ada.letGo();

  const [before, pid] = [files(), keeper()];
  const second = await paste(line);
  expect([second.code, second.said]).toEqual([0, expect.stringContaining("installed already")]);
  expect([files(), keeper()]).toEqual([before, pid]);

  const other = await paste(lineOf(origin, await owner.codeFor(robot)));
  expect([other.code, other.said]).toEqual([0, expect.stringContaining('tether-robot" enroll --again')]);

  // The power failed before the program was on the disk: it ends well then, and does nothing.
  await paste(": >.local/share/tether-robot/current/main.mjs");
  const mended = await paste(line);
  expect([mended.code, mended.said]).toEqual([0, expect.stringContaining("fetching")]);

  const remove = () => paste(`curl -fsSL ${origin}/install/robot.sh | sh -s -- --remove`);
  expect(await remove()).toEqual({ code: 0, said: expect.stringContaining("removed, with the robot's key") });
  expect(files()).toEqual([]);
  expect(await remove()).toEqual({ code: 0, said: "tether-robot: nothing of it is installed here.\n" });
  expect([await paste("ls -A"), processes()]).toEqual([{ code: 0, said: "" }, []]);
});

test("a program that is not the one that was signed is refused, and so is a list that another key signed", async () => {
  const { origin } = system;
  const altered = await startAltering(origin);
  const script = await (await fetch(`${origin}/install/robot.sh`)).text();
  for (const [path, says] of [
    ["program", "is not the file that was signed"],
    ["manifest.json", "the signature of"],
  ] as const) {
    const { paste, files } = bareUser();
    const { code, said } = await paste(`sh -s -- CODE <<'SCRIPT'\n${script.replaceAll(`${origin}/install`, `${altered}/${path}`)}\nSCRIPT`);
    expect([code, said]).toEqual([1, expect.stringContaining(says)]);
    expect(files().filter(({ path }) => /main\.mjs|tether-robot$|robot\.json/.test(path) && !path.endsWith("share/tether-robot"))).toEqual(
      [],
    );
  }
});

test("a home that cannot be written into a unit, one of another service, and a guest network's page are refused in words", async () => {
  const { origin } = system;
  const { paste, files } = bareUser();
  const line = lineOf(origin, "CODE");
  const refused = async (before: string, script = line) => {
    const { code, said } = await paste(`${before}; ${script}`);
    expect(code).toBe(1);
    return said;
  };
  expect(await refused(`HOME="$HOME/a&b"; export HOME; mkdir "$HOME"`)).toContain("its name may have spaces and any letters, but none of");
  const elsewhere = '{"base":"https://old.example/install","keys":[]}';
  const root = ".local/share/tether-robot";
  expect(await refused(`mkdir -p ${root}; echo '${elsewhere}' >${root}/install.json`)).toMatch(
    /was installed from https:\/\/old\.example\/install, and takes its updates from there\.\n.*--remove; then paste the line again/,
  );
  const script = await (await fetch(`${origin}/install/robot.sh`)).text();
  const portal = script.replaceAll(`${origin}/install`, `${await startAltering(origin)}/portal`);
  expect(await refused("rm -r .local", `sh -s -- CODE <<'SCRIPT'\n${portal}\nSCRIPT`)).toContain(
    "a guest network's page or a proxy may stand",
  );
  const npms = "mkdir -p .local/bin lib; : >lib/robot.js; ln -sfn ../../lib/robot.js .local/bin/tether-robot";
  expect(await refused(npms)).toContain("came another way, from npm for instance: remove it first");
  expect(files().filter(({ path }) => path.endsWith("main.mjs"))).toEqual([]);
  expect((await paste(`curl -fsSL ${origin}/install/robot.sh | sh -s -- --remove; ls .local/bin`)).said).toContain("tether-robot");
});

/**
 * Serves what another origin does, with one byte changed: `/program/…` changes the program, `/manifest.json/…` the list. `/portal/…` is a
 * page, whatever is asked for.
 */
async function startAltering(origin: string): Promise<string> {
  const server = createServer(async (request, response) => {
    const [, what = "", name = ""] = request.url?.split("/") ?? [];
    if (what === "portal") return response.end("<!doctype html><title>Welcome</title>");
    const answer = await fetch(`${origin}/install/${name}`);
    const body = Buffer.from(await answer.arrayBuffer());
    const isChanged = what === "program" ? name.includes(".tar.") : name === what;
    if (isChanged) body.writeUInt8(body.readUInt8(body.length >> 1) ^ 1, body.length >> 1);
    return response.writeHead(answer.status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}
