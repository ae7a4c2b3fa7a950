import { mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSetup } from "@tether/local/setup";
import { expect, onTestFinished, test } from "vitest";
import { bareUser } from "../../packages/agent/test/install/bare.ts";
import { startOperator } from "../../packages/agent/test/peer/operator.ts";
import { startService } from "../../packages/agent/test/service.ts";
import { type Bundle, bundle } from "../bundle.ts";
import { makeKey, publicPart } from "../key.ts";
import { isPlatform } from "../platform.ts";
import { release } from "../release.ts";
import { robotScript } from "../script.ts";

/** A deployment whose release can be replaced. */
async function startDeployment(api: string) {
  const folder = mkdtempSync(join(tmpdir(), "tether-deployment-"));
  const key = makeKey(join(folder, "key.pem"));
  const out = join(folder, "install");
  const server = createServer((request, response) => {
    try {
      response.end(readFileSync(join(out, request.url?.split("/").at(-1) ?? "")));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  const address = server.address();
  const base = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/install`;
  const platform = `linux-${process.arch}`;
  return {
    base,
    async publish(bundled: Bundle) {
      const platforms = isPlatform(platform) ? [platform] : [];
      await release({ out, key, platforms, isLocal: true, withPackages: false, bundled });
      writeFileSync(join(out, "robot.sh"), robotScript({ base, api, key: publicPart(key) }));
    },
  };
}

test("an update waits until nobody drives, keeps the version before, and goes back by itself from one that does not come online", async () => {
  const service = await startService();
  const { base, publish } = await startDeployment(service.origin);
  const robot = await service.createRobot();
  const user = bareUser();
  const current = () => readlinkSync(join(user.home, ".local/share/tether-robot/current"));
  await publish(await bundle({ version: "1.0.0" }));
  const installed = await user.paste(`curl -fsSL ${base}/robot.sh | sh -s -- ${await service.codeFor(robot)}`);
  expect([installed.code, installed.said]).toEqual([0, expect.stringContaining("online.")]);
  expect(await user.robot("update")).toMatchObject({ code: 0, said: expect.stringContaining("1.0.0 is what the service has") });

  const { token } = createSetup(service.system);
  const ada = startOperator({ api: service.origin, robot, token: () => token("owner") });
  ada.drive.request();
  await ada.ready();
  await publish(await bundle({ version: "1.1.0" }));
  let isOver = false;
  const updating = user.robot("update").finally(() => {
    isOver = true;
  });
  await expect.poll(current, { timeout: 60_000 }).toBe("versions/1.1.0");
  // The version before goes on for as long as she drives.
  const mark = ada.heard.all.length;
  ada.hold({ linear: 0.5, angular: 0 });
  await ada.heard.until("motion", ({ name, event }) => name === "telemetry" && JSON.stringify(event).includes('"linear":0.5'), mark);
  expect([user.state("proved-version"), isOver]).toEqual(["1.0.0\n", false]);
  ada.letGo();
  await ada.leave();
  expect(await updating).toMatchObject({ code: 0, said: expect.stringContaining("1.1.0 is online. 1.0.0 is kept.") });

  const good = await bundle({ version: "1.2.0" });
  const breaking = 'if (process.argv[2] === "run") process.exit(1);\n';
  await publish({ ...good, code: Buffer.concat([Buffer.from(breaking), good.code]) });
  const broken = await user.robot("update");
  expect([broken.code, broken.said], user.state("log")).toEqual([
    1,
    expect.stringContaining("1.2.0 did not come online within a minute; 1.1.0 runs again."),
  ]);
  expect(current()).toBe("versions/1.1.0");
  await expect.poll(async () => (await user.robot("status --json")).said, { timeout: 60_000 }).toContain('"status":"online"');
  expect(await user.robot("--version")).toEqual({ code: 0, said: "tether-robot 1.1.0\n" });
  expect(await user.robot("update")).toMatchObject({ code: 1, said: expect.stringContaining("did not come online here before") });
  expect((await user.paste(`curl -fsSL ${base}/robot.sh | sh -s -- --remove`)).code).toBe(0);
  expect([await user.paste("ls -A"), user.processes()]).toEqual([{ code: 0, said: "" }, []]);
});
