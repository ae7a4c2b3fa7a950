import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDriver } from "@tether/agent/driver/open";
import { startMedia } from "@tether/agent/peer/native/media";
import { cameraPictures } from "@tether/agent/peer/native/pictures";
import { operate } from "@tether/agent/peer/operate";
import { createSetup } from "@tether/local/setup";
import type { Local } from "@tether/local/start";
import type { Say } from "@tether/program/say";
import { platform } from "@tether/sdk/platform";
import { makeKeyPair, publicKeyOf, serve, signerFromJwk } from "@tether/sdk/robot";

const say: Say = { progress() {}, event() {}, result() {}, trouble() {} };
const manual = readFileSync(join(import.meta.dirname, "../../../../docs/driver.md"), "utf8");
const [, arm = ""] = /```json\n(\{ "type": "declare".*?)```/s.exec(manual) ?? [];
const patterns = ["front ball", "rear smpte", "left circular", "gripper checkers-8"] as const;

/** A robot that declares itself as the arm on docs/driver.md does, with so many axes, and shows so many cameras. It hears and is heard. */
export async function startCameraRobot(system: Local, { name, cameras, axes }: { name: string; cameras: number; axes: number }) {
  const { robot: declared, ...rest } = JSON.parse(arm) as { robot: { axes: object[] } };
  const more = ["base", "reach", "tool"].map((title) => ({ name: title, unit: "rad/s", least: -1, most: 1 }));
  const declaration = { ...rest, robot: { ...declared, axes: [...declared.axes, ...more].slice(0, axes) } };
  const { clock } = platform;
  const driver = openDriver(`python3 '${join(import.meta.dirname, "arm.py")}' '${JSON.stringify(declaration)}'`, { clock, say });
  await driver.start();
  const recordings = mkdtempSync(join(tmpdir(), "tether-screenshots-"));
  const media = startMedia({
    clock,
    recordings,
    say,
    microphone: { source: "test" },
    speaker: { sink: "gst:fakesink" },
    cameras: patterns.slice(0, cameras).map((one) => {
      const [camera = "", pattern] = one.split(" ");
      const source = `gst:videotestsrc is-live=true pattern=${pattern} ! video/x-raw,width=640,height=360,framerate=15/1`;
      return { name: camera, source, kbits: 400 };
    }),
  });
  const key = await makeKeyPair();
  const robot = await createSetup(system).robot(name, publicKeyOf(key));
  const session = serve({ api: system.origin, robot, signer: await signerFromJwk(key), tracks: ["video", "audio"] });
  const end = operate({ session, driver, clock, pictures: cameraPictures(media), recorder: media, say });
  return {
    async stop() {
      session.close();
      await end();
      await driver.close();
      await media.close();
      rmSync(recordings, { recursive: true, force: true });
    },
  };
}
