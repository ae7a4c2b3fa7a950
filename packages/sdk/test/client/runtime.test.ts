import { afterEach, expect, test, vi } from "vitest";
import { attach } from "../../src/client/index.ts";
import { serve, signerFromJwk } from "../../src/robot/index.ts";
import type { SessionEvents } from "../../src/session/session.ts";
import { createTestPlatform } from "../platform.ts";
import { createService } from "../service.ts";
import { settled } from "../virtual-clock.ts";

const key = {
  kty: "OKP",
  crv: "Ed25519",
  x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
  d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
} as const;
const api = "https://api.example";
// Any text that the application has for the robot, of no particular type.
const robot: string = "rob_01J00000000000000000000000";

afterEach(() => vi.unstubAllGlobals());

/** A session on a runtime as Node 20 is, which has no WebSocket. */
async function withoutSocket(open: (platform: object) => Pick<ReturnType<typeof attach>, "on">) {
  vi.stubGlobal("WebSocket", undefined);
  Reflect.deleteProperty(globalThis, "WebSocket");
  const service = createService();
  const { socket: _, ...platform } = createTestPlatform({ fetch: service.fetch }).platform;
  const states: SessionEvents["state"][] = [];
  open(platform).on("state", (state) => states.push(state));
  await settled();
  return { states, asked: service.asked.length };
}

const missing = {
  status: "stopped",
  why: {
    code: "socket.missing",
    says: "This runtime has no WebSocket.",
    remedy: "Use Node 22 or newer, or give the SDK a platform with a socket, as the package ws makes one.",
  },
};

test("without a WebSocket a client says so, and asks for no ticket", async () => {
  const { states, asked } = await withoutSocket((platform) => attach({ api, robot, token: async () => "token", platform }));
  expect(states.at(-1)).toEqual(missing);
  expect(asked).toBe(0);
});

test("without a WebSocket a robot says so, and asks for no ticket", async () => {
  const signer = await signerFromJwk(key);
  const { states, asked } = await withoutSocket((platform) => serve({ api, robot, signer, platform }));
  expect(states.at(-1)).toEqual(missing);
  expect(asked).toBe(0);
});
