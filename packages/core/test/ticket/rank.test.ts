import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import type { Live } from "../../src/live/read.ts";
import type { Session } from "../../src/live/session.ts";
import { placeRefused, unplaced } from "../../src/ticket/place.ts";

const { clientsPerRobot, clientsPerUser, keptFor } = limits.session;
const places = { viewer: clientsPerRobot - keptFor.operators, operator: clientsPerRobot - keptFor.owners, owner: clientsPerRobot } as const;
type Role = keyof typeof places;
type Client = { sessionId: string; user?: string; role?: Role; state?: Session["state"]; startedAt?: number };

const sessionOf = ({ sessionId, user = sessionId, role = "viewer", state = "online", startedAt = 100 }: Client) =>
  ({ sessionId, kind: "client", state, startedAt, principal: { type: "user", id: user, role, by: "", issuedAt: 0 } }) as object as Session;
const robotSession = {
  sessionId: "robot",
  kind: "robot",
  state: "online",
  startedAt: 0,
  principal: { type: "robot", kid: "key" },
} as object;
const crowd = (count: number, role: Role, part: Partial<Client> = {}) =>
  Array.from({ length: count }, (_, n) => ({ sessionId: `${role}-${10 + n}`, role, ...part }));

const liveOf = (clients: readonly Client[], holder?: string): Live =>
  ({
    sessions: [robotSession as Session, ...clients.map(sessionOf)],
    control: holder === undefined ? { state: "free" } : { state: "held", holder: { sessionId: holder } },
  }) as object as Live;
const out = (clients: readonly Client[], holder?: string) => unplaced(liveOf(clients, holder)).map(({ sessionId }) => sessionId as string);

describe("where there is one viewer too many, the place is lost by", () => {
  const others = crowd(places.viewer, "viewer");

  test.each([
    ["the one that came last", { startedAt: 101 }, ["x"]],
    ["not the one that came first", { startedAt: 99 }, [`viewer-${10 + places.viewer - 1}`]],
    ["of those that came at once the one with the greatest id", {}, ["x"]],
    ["the one that is away, though it came first", { startedAt: 0, state: "away" }, ["x"]],
    ["the one whose lease is over, though it came first", { startedAt: 0, state: "expired" }, ["x"]],
    ["the one that came last, also while it still opens", { startedAt: 101, state: "opening" }, ["x"]],
    ["not the one that opens and came first", { startedAt: 99, state: "opening" }, [`viewer-${10 + places.viewer - 1}`]],
  ] as [string, Partial<Client>, string[]][])("%s [T10, T11]", (_, part, losers) => {
    expect(out([...others, { sessionId: "x", ...part }])).toEqual(losers);
    expect(out([{ sessionId: "x", ...part }, ...others])).toEqual(losers);
  });

  test("not the one that drives, however late it came, and though it is away [T11]", () => {
    const driver: Client = { sessionId: "x", startedAt: 101, state: "away" };
    expect(out([...others, driver], "x")).toEqual([`viewer-${10 + places.viewer - 1}`]);
  });
});

describe("the places", () => {
  test.each([
    ["viewer", places.viewer],
    ["operator", places.operator],
    ["owner", places.owner],
  ] as const)("for those who may do no more than a %s does are %i [T10]", (role, count) => {
    expect(out(crowd(count, role))).toEqual([]);
    expect(out(crowd(count + 1, role))).toHaveLength(1);
    expect(placeRefused(liveOf(crowd(count - 1, role)), { user: "new", role })).toBeUndefined();
    expect(placeRefused(liveOf(crowd(count, role)), { user: "new", role })).toBe("robot.full");
  });

  test("of higher roles count for the lower ones, and a higher role goes first, whoever is present [T10, T11]", () => {
    const clients = [...crowd(places.operator, "operator", { state: "away" }), ...crowd(1, "viewer")];
    expect(out(clients)).toEqual(["viewer-10"]);
    expect(out([...crowd(places.owner, "owner", { state: "away" }), ...crowd(1, "operator")])).toEqual(["operator-10"]);
  });

  test("of one user are six, whatever the role [T10]", () => {
    const mine = crowd(clientsPerUser, "owner", { user: "me" });
    expect(out(mine)).toEqual([]);
    expect(out([...mine, { sessionId: "z", user: "me", role: "owner", startedAt: 101 }])).toEqual(["z"]);
    expect(placeRefused(liveOf(mine.slice(1)), { user: "me", role: "owner" })).toBeUndefined();
    expect(placeRefused(liveOf(mine), { user: "me", role: "owner" })).toBe("user.full");
    expect(placeRefused(liveOf(mine), { user: "you", role: "owner" })).toBeUndefined();
  });

  test("are refused to one more of a full robot by that name as long as the user has fewer than six [T10]", () => {
    const mine = crowd(clientsPerUser - 1, "viewer", { user: "me" });
    const others = crowd(places.viewer - mine.length, "viewer").map((one) => ({ ...one, sessionId: `other-${one.sessionId}` }));
    expect(placeRefused(liveOf([...mine, ...others]), { user: "me", role: "viewer" })).toBe("robot.full");
  });

  test("of those who are away are a newcomer's of the same role [T11]", () => {
    const clients = crowd(places.viewer, "viewer", { state: "away", startedAt: 0 });
    expect(placeRefused(liveOf(clients), { user: "new", role: "viewer" })).toBeUndefined();
  });
});
