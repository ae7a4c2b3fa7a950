import type { ClientSessionId } from "@tether/protocol/id";
import { expect, test } from "vitest";
import { postPatiently } from "../../src/delivery/patience.ts";
import type { Session } from "../../src/live/session.ts";
import type { Posted } from "../../src/outbox.ts";

const frames = {
  changed: { type: "control.changed", control: { version: 2, epoch: 2 }, because: "released", actor: { type: "system" } },
  ended: {
    type: "peer.ended",
    session: "cse_1" as ClientSessionId,
    epoch: 1,
    cause: "grant.removed",
    actor: { type: "system" },
    inferred: false,
  },
  stop: { type: "stop", by: { type: "system" } },
} as const;

/** Posts to a gateway that answers so; `tookMs` is how long each answer takes. */
async function posting(kind: Session["kind"], frame: keyof typeof frames, answers: readonly Posted[], { random = 1, tookMs = 10 } = {}) {
  const pauses: number[] = [];
  let now = 0;
  let posts = 0;
  const post = async (): Promise<Posted> => {
    now += tookMs;
    return answers[posts++] ?? "failed";
  };
  const pause = async (ms: number) => {
    now += ms;
    pauses.push(ms);
  };
  const outbox = { post, probe: async () => "gone" as const, close: async () => "closed" as const };
  const env = { outbox, clock: { now: () => now }, pacing: { pause, random: () => random } };
  return { posted: await postPatiently(env, { kind } as Session, "c", frames[frame]), posts, pauses };
}

test("a robot's notice of who drives, or of a client's end, is posted again with growing pauses until the gateway takes it [D21]", async () => {
  expect(await posting("robot", "changed", ["failed", "failed", "failed", "posted"])).toEqual({
    posted: "posted",
    posts: 4,
    pauses: [100, 200, 400],
  });
  expect(await posting("robot", "ended", ["failed", "posted"])).toMatchObject({ posted: "posted", posts: 2 });
  expect((await posting("robot", "changed", [], { random: 0 })).pauses).toEqual([50, 50, 50]);
});

test.each([
  ["after four posts", "robot", "changed", [], {}, { posted: "failed", posts: 4 }],
  ["where the gateway is slow to fail", "robot", "changed", [], { tookMs: 1_000 }, { posted: "failed", posts: 1 }],
  ["where it knows no such connection", "robot", "changed", ["gone"], {}, { posted: "gone", posts: 1 }],
  ["to a client, which drives nothing by it", "client", "changed", [], {}, { posted: "failed", posts: 1 }],
  ["of a stop, as its presser is told and a second one counts", "robot", "stop", [], {}, { posted: "failed", posts: 1 }],
] as const)("a post is not tried again %s [D21]", async (_, kind, frame, answers, how, expected) => {
  expect(await posting(kind, frame, answers, how)).toMatchObject(expected);
});
