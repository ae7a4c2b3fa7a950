import { expect, test } from "vitest";
import { createWatch } from "../watch.ts";
import { NativeClient } from "./libdatachannel.ts";
import { startReference } from "./rig.ts";

test("a client on libdatachannel, which cannot restart ICE, drives a robot on libwebrtc, is sent its picture in the place that it offers, and makes another peer connection where the robot restarts ICE [W1, W1.3, W8.1]", async () => {
  const { deeds, join, session } = await startReference();
  const made = createWatch<NativeClient>();
  const packets = createWatch<{ kind: string; of: number }>();
  const ada = join("operator", () => {
    const pc = new NativeClient();
    made.put(pc);
    const of = made.all.length;
    pc.onpacket = (kind) => packets.put({ kind, of });
    return pc;
  });
  ada.drive.request();
  await ada.ready();
  ada.hold({ linear: 0.4, angular: 0 });
  await deeds.until("a command", ({ did }) => did === "command");
  await packets.until("its picture", ({ kind }) => kind === "video");
  ada.drive.stop("a cat");
  await deeds.until("a stop", (deed) => deed.did === "stop" && deed.reason === "stop");
  await ada.heard.until("word of it", () => ada.drive.why === "stopped");
  ada.drive.resume();
  await deeds.until("a command", ({ did }) => did === "command", deeds.all.length);
  expect(made.all).toHaveLength(1);

  // The client's word that its path broke, which the robot answers by a restart.
  const [peer] = ada.client.peers;
  if (peer) ada.client.send(peer.session, { kind: "restart" });
  await made.until("another peer connection", () => made.all.length === 2);
  await packets.until("its picture again", ({ of }) => of === 2);
  await deeds.until("a command on it", ({ did }) => did === "command", deeds.all.length);
  ada.letGo();
  expect(session.peers).toHaveLength(1);
});
