import type { routes } from "@tether/protocol/route";

type Example = { readonly body?: object; readonly answer?: object };

const robot = "rob_01J00000000000000000000000";
const session = "cse_01J00000000000000000000001";
const kid = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
const publicKey = { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" };
const proof = "eyJhbGciOiJFZERTQSIsInR5cCI6InRldGhlci1wcm9vZitqd3QifQ.e30.AA";
const at = 1_780_000_000_000;

const rover = {
  id: robot,
  name: "Rover",
  createdAt: at,
  role: "owner",
  grace: { robotMs: 600_000, clientMs: 120_000 },
  control: {
    deadmanMs: 500,
    maxAgeMs: 250,
    blindMs: 400,
    stopMs: 800,
    maxLinear: 1.5,
    maxAngular: 2,
    unanswered: "deny",
    takers: "operator",
  },
  presence: { state: "online", since: at },
};
const grant = { to: "email:operator@example.org", role: "operator", givenAt: at, givenBy: "5d0c1f3e-0001-4000-8000-7e7e72000001" };
const credential = { kid, state: "active", registeredAt: at, registeredBy: "robot", activatedAt: at };
const user = { id: "5d0c1f3e-0002-4000-8000-7e7e72000002", role: "operator", name: "Oscar Operator" };
const live = {
  id: session,
  robot,
  kind: "client",
  state: "online",
  epoch: 3,
  startedAt: at,
  since: at,
  authExpiresAt: at + 14_400_000,
  user,
};
const iceServers = [{ urls: "stun:stun.example.org:3478" }];
const ticket = {
  ticket: "djEuZXhhbXBsZQ",
  expiresAt: at + 60_000,
  url: "wss://broker.example.org",
  session: { id: session, epoch: 3, resumed: false },
  auth: { expiresAt: at + 14_400_000 },
  iceServers,
  serverTime: at,
};

/** An example of what each operation takes and answers, for the OpenAPI document. `problem` is one of a refusal. */
export const examples: Readonly<Record<keyof typeof routes | "problem", Example>> & Readonly<Record<string, Example | undefined>> = {
  problem: {
    answer: {
      type: "https://console.example.org/problems/robot.unknown.html",
      title: "There is no such robot, or you may not see it.",
      status: 404,
      detail: "Check the id, or ask an owner for access.",
      code: "robot.unknown",
      serverTime: at,
    },
  },
  getHealth: { answer: { status: "ok", serverTime: at } },
  getSignIn: { answer: { issuer: "https://id.example.org", clientId: "tether" } },
  getIceServers: { answer: { iceServers, serverTime: at } },
  createRobot: { body: { name: "Rover" }, answer: rover },
  listRobots: { answer: { items: [rover] } },
  getRobot: { answer: rover },
  changeRobot: { body: { name: "Rover", control: { deadmanMs: 300 } }, answer: rover },
  stopRobot: { body: { reason: "Smoke at the left wheel." } },
  deleteRobot: {},
  assignGrant: { body: { to: grant.to, role: grant.role }, answer: grant },
  listGrants: { answer: { items: [grant] } },
  revokeGrant: {},
  registerCredential: { body: { publicKey }, answer: credential },
  listCredentials: { answer: { items: [credential] } },
  revokeCredential: {},
  createEnrollment: { answer: { code: "3KJ7-FPBR-X4RP-79YR-5G8N-1QAH-DJG7", expiresAt: at + 900_000 } },
  redeemEnrollment: {
    body: { code: "3KJ7-FPBR-X4RP-79YR-5G8N-1QAH-DJG7", publicKey, proof },
    answer: { robot: { id: robot, name: "Rover" }, credential, api: { origin: "https://api.example.org" }, serverTime: at },
  },
  listSessions: { answer: { items: [live] } },
  getSession: { answer: live },
  endSession: { body: { reason: "Maintenance." } },
  listTimeline: {
    answer: {
      items: [
        {
          id: "evt_01J00000000000000000000002",
          robot,
          at,
          type: "session.online",
          actor: { type: "robot", id: robot },
          inferred: false,
          says: "The robot is online.",
        },
      ],
    },
  },
  createClientTicket: { body: { robot }, answer: ticket },
  createRobotTicket: { body: { assertion: proof }, answer: ticket },
  getMe: { answer: { id: "5d0c1f3e-0002-4000-8000-7e7e72000002", name: "Oscar Operator", groups: [] } },
  revokeUser: { answer: { id: "5d0c1f3e-0002-4000-8000-7e7e72000002", revokedBefore: at, signIns: "ended" } },
};
