import { createInterface } from "node:readline";
import wrtc from "@roamhq/wrtc";
import { attach } from "@tether/sdk/client";
import { follow } from "@tether/sdk/peer/follow";
import type { Order } from "../../../src/conform/client/trial.ts";
import { partsOf } from "./broken.ts";

/** The SDK as a client that `npm run conform -- client` judges: what docs/conforming.md asks of its program. */
const { TETHER_API: api = "", TETHER_ROBOT: robot = "", TETHER_TOKEN: token = "", TETHER_BROKEN: broken } = process.env;
const { platform, connect } = partsOf(broken);
const session = attach({ api, robot, token: async () => token, platform });
const { control } = session;
const leave = follow({ session, polite: true, connect: () => connect(new wrtc.RTCPeerConnection()), control });

let command: object | undefined;
setInterval(() => {
  if (command) control.command(command);
}, 100);
session.on("signal", ({ data }) => {
  if (data.kind === "app") process.stdout.write(`${JSON.stringify({ signal: data.body })}\n`);
});

createInterface({ input: process.stdin }).on("line", (line) => {
  const order = JSON.parse(line) as Order;
  if (order.do === "drive") {
    command = order.command;
    control.request();
  } else if (order.do === "rest") command = undefined;
  else if (order.do === "stop") control.stop(order.reason);
  else if (order.do === "resume") control.resume();
  else if (order.do === "release") {
    command = undefined;
    control.release();
  } else {
    leave();
    void session.leave().then(() => process.exit(0));
  }
});
