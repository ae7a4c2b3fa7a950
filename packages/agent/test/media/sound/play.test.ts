import { createSocket, type Socket } from "node:dgram";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { platform } from "@tether/sdk/platform";
import { expect, onTestFinished, test } from "vitest";
import { createLaunchSpeaker } from "../../../src/media/sound/play.ts";
import { createWatch } from "../../watch.ts";

test("a packet that cannot be sent to the speaker's program is lost, and the next one comes", async () => {
  const log = createWatch<string>();
  const ended = createWatch<string>();
  const sockets: Socket[] = [];
  const made = (told: unknown) => void sockets.push((told as { readonly socket: Socket }).socket);
  subscribe("udp.socket", made);
  const told = { log: (_: string, says: string) => log.put(says), began() {}, ended() {} };
  const launch = createLaunchSpeaker(platform.clock, told);
  const run = launch({ sink: "rtp:echo $TETHER_RTP_PORT >&2; exec cat" }, { playing() {}, ended: ended.put });
  unsubscribe("udp.socket", made);
  onTestFinished(run.end);
  const port = Number(await log.until("its port", (says) => /^\d+$/.test(says)));
  const program = createSocket("udp4");
  onTestFinished(() => void program.close());
  program.bind(port, "127.0.0.1");
  await once(program, "listening");
  const came = once(program, "message");
  // A socket without a listener for it throws.
  sockets[0]?.emit("error", Object.assign(new Error("bind EMFILE 0.0.0.0"), { code: "EMFILE" }));
  run.play(Buffer.from("next"));
  expect([String((await came)[0]), ended.all]).toEqual(["next", []]);
});
