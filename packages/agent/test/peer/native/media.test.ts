import { join } from "node:path";
import { createVirtualClock } from "@tether/local/clock/virtual";
import { expect, onTestFinished, test } from "vitest";
import { beatMs, hungMs, startMedia } from "../../../src/peer/native/media.ts";
import { children, folder } from "../../agent-process.ts";
import { createWatch } from "../../watch.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test("the process of the peer connections that hangs is killed, and started again", async () => {
  const clock = createVirtualClock({ startAt: 0, idle: turn });
  const said = createWatch<{ event: string; signal?: string }>();
  const say = { progress() {}, event: (_: string, facts: object) => said.put({ event: "", ...facts }), result() {}, trouble() {} };
  const before = children();
  const media = startMedia({ clock, cameras: [], recordings: join(folder(), "recordings"), say });
  onTestFinished(() => media.close());
  const [pid = 0] = children().filter((one) => !before.includes(one));
  // Recording nothing is an answer: from then on it lives.
  media.keep("asked");
  await said.until("a recording", ({ event }) => event === "recorded");
  process.kill(pid, "SIGSTOP");
  for (let passed = 0; passed <= hungMs.later + beatMs; passed += beatMs) await clock.advance(beatMs);
  expect(await said.until("its end", ({ event }) => event === "media.ended")).toMatchObject({ signal: "SIGKILL" });
  await clock.advance(beatMs);
  expect(children().filter((one) => !before.includes(one) && one !== pid)).toHaveLength(1);
});
