import { createPublicKey, verify } from "node:crypto";
import type { ClientSessionId, InstanceId, RobotId, RobotSessionId } from "@tether/protocol/id";
import { expect, test } from "vitest";
import { parseControlKeys } from "../../src/control/key-ring.ts";
import { signPermit } from "../../src/control/permit.ts";
import { toWelcome } from "../../src/control/welcome.ts";
import type { Held } from "../../src/live/control-lease.ts";

/** RFC 8032 §7.1, test 1. */
const secret = Buffer.from("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "hex").toString("base64url");
const publicKey = Buffer.from("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "hex").toString("base64url");
const other = Buffer.alloc(32, 7).toString("base64url");

const lease: Held = {
  state: "held",
  robotId: "rob_01JD00000000000000000000A0" as RobotId,
  version: 3,
  epoch: 2,
  holder: {
    sessionId: "cse_01JD00000000000000000000A0" as ClientSessionId,
    instance: "ins_aaaaaaaa" as InstanceId,
    user: { id: "u" },
    since: 1,
  },
  expiresAt: 1_000,
  asked: [],
};
const live = { sessions: [], control: lease };
const robotSession = "rse_01JD00000000000000000000A0" as RobotSessionId;

test("a control key is the 32 bytes of an Ed25519 private key", () => {
  expect(parseControlKeys(`k1:${secret}`)[0].publicKey).toEqual({ kty: "OKP", crv: "Ed25519", x: publicKey });
});

test("a key ring of other secrets, or of none, is refused", () => {
  const secretOf = (bytes: number) => Buffer.alloc(bytes, 1).toString("base64url");
  for (const text of ["", "k1", `:${secret}`, `k 1:${secret}`, `k1:${secretOf(31)}`, `k1:${secretOf(33)}`, `k1:${secret},`])
    expect(() => parseControlKeys(text)).toThrow("control key ring");
});

test("the newest key signs and all are told to the robot, so that a ring can rotate [D3]", () => {
  const before = parseControlKeys(`old:${other}`);
  const after = parseControlKeys(`new:${secret}, old:${other}`);
  const known = toWelcome({ controlKeys: after, at: 5 }, live, { kind: "robot", sessionId: robotSession }).keys ?? [];
  expect(known.map(({ kid }) => kid)).toEqual(["new", "old"]);
  expect(toWelcome({ controlKeys: after, at: 5 }, live, { kind: "client", sessionId: lease.holder.sessionId }).keys).toBeUndefined();
  for (const [ring, kid] of [
    [before, "old"],
    [after, "new"],
  ] as const) {
    const [header = "", payload, signature = ""] = signPermit(ring, lease, 5).split(".");
    expect(JSON.parse(Buffer.from(header, "base64url").toString())).toEqual({ alg: "EdDSA", kid, typ: "tether-permit" });
    const key = createPublicKey({ key: { ...known.find((one) => one.kid === kid)?.key }, format: "jwk" });
    expect(verify(null, Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, "base64url"))).toBe(true);
    expect(verify(null, Buffer.from(`${header}.${payload}x`), key, Buffer.from(signature, "base64url"))).toBe(false);
  }
});
