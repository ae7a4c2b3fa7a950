import type { Claims } from "@tether/core/ticket";
import { seal, unseal } from "@tether/core/ticket/seal";
import type { RobotId, RobotSessionId } from "@tether/protocol/id";
import { isProblem, problems } from "@tether/protocol/problem";
import { expect, test } from "vitest";
import { createAuthorizer } from "../src/authorizer.ts";

const at = Date.UTC(2026, 5, 1, 12);
const env = { ring: [{ id: "a", secret: new Uint8Array(32) }] as const, clock: { now: () => at } };
const claims = {
  jti: "tkt_1",
  use: "connect",
  kind: "robot",
  robotId: "rob_01JD00000000000000000000R0" as RobotId,
  sessionId: "rse_01JD00000000000000000000S0" as RobotSessionId,
  principal: { type: "robot", kid: "A".repeat(43) },
  epoch: 1,
  renewals: 0,
  graceMs: 1,
  authExpiresAt: at + 1,
  exp: at / 1000 + 1,
} as Claims;

const tickets = {
  "a good one": seal(env.ring, claims),
  "one that is over": seal(env.ring, { ...claims, exp: at / 1000 }),
  "one to renew with": seal(env.ring, { ...claims, use: "renew" }),
  "one of another key": seal([{ id: "b", secret: new Uint8Array(32) }], claims),
};

/** 200, or what the gateway makes of the authorizer's word. */
async function statusOf(ticket: string): Promise<number> {
  const headers = { "sec-websocket-protocol": `tether.v1, ticket.${ticket}` };
  const { policyDocument } = await createAuthorizer(env)({ methodArn: "arn", headers });
  return policyDocument.Statement[0]?.Effect === "Allow" ? 200 : 403;
}

// The authorizer does not carry the table of problems; this is what keeps it in step.
test.each(Object.entries(tickets))("the handshake is answered with the problem's own status: %s", async (_, ticket) => {
  const read = unseal(env, ticket, "connect");
  expect(await statusOf(ticket)).toBe(isProblem(read) ? problems[read.problem].status : 200);
});

test.each([
  ["no headers at all", null],
  ["no offer", {}],
  ["no ticket", { "Sec-WebSocket-Protocol": "tether.v1" }],
  ["no tether.v1 beside it", { "Sec-WebSocket-Protocol": `ticket.${tickets["a good one"]}` }],
  ["a ticket that is none", { "SEC-WEBSOCKET-PROTOCOL": "tether.v1, ticket.\u0000.%%%" }],
])("a handshake with %s is denied; nothing is thrown [T2]", async (_, headers) => {
  const { policyDocument, context } = await createAuthorizer(env)({ methodArn: "arn", headers });
  expect([policyDocument.Statement[0]?.Effect, context]).toEqual(["Deny", {}]);
});

test.each(["Sec-WebSocket-Protocol", "sec-websocket-protocol", "SEC-WEBSOCKET-PROTOCOL"])("a ticket in %s is found [T1]", async (name) => {
  const headers = { [name]: `tether.v1, ticket.${tickets["a good one"]}` };
  const { policyDocument } = await createAuthorizer(env)({ methodArn: "arn", headers });
  expect(policyDocument.Statement[0]?.Effect).toBe("Allow");
});
