import { RobotId } from "@tether/protocol/id";
import { describe, expect, test } from "vitest";
import { thumbprint } from "../../src/assertion/signer.ts";
import { makeKeyPair } from "../../src/credential/key-pair.ts";
import type { KeyStore, Keys } from "../../src/credential/key-store.ts";
import { rotatingTickets } from "../../src/credential/rotating-tickets.ts";
import { answer } from "../connection/example.ts";
import { createTestPlatform } from "../platform.ts";
import { createService } from "../service.ts";
import { settled } from "../virtual-clock.ts";

const robot = RobotId.parse("rob_01J00000000000000000000000");
const { signal } = new AbortController();

async function start(keysAtFirst?: Partial<Keys>) {
  const service = createService();
  const { platform, clock } = createTestPlatform({ fetch: service.fetch });
  let kept: Keys = { current: await makeKeyPair(), ...keysAtFirst };
  let broken = false;
  const keys: KeyStore = {
    load: () => (broken ? Promise.reject(new Error("no disk")) : Promise.resolve(kept)),
    async save(next) {
      if (broken) throw new Error("full disk");
      kept = next;
      return "saved";
    },
  };
  const events: string[] = [];
  const log = ({ event }: { readonly event: string }) => void events.push(event);
  const tickets = rotatingTickets({ ...platform, api: "https://api.example", robot, keys, log });
  const gives = async (rotateIn: number) => {
    const kid = await thumbprint(kept.current);
    const at = clock.now();
    service.gives({ ...answer(1, at), credential: { kid, rotateAfter: at + rotateIn, expiresAt: at + 1 }, serverTime: at });
  };
  const claim = (index: number, part: number, name: string) =>
    JSON.parse(Buffer.from(String(service.asked[index]?.body.assertion).split(".")[part] ?? "", "base64url").toString())[name];
  return {
    ...service,
    gives,
    announced: async () =>
      service.gives({ kid: await thumbprint(kept.next ?? kept.current), state: "pending", registeredAt: 1, registeredBy: robot }, 201),
    events,
    kidOf: (index: number) => claim(index, 0, "kid"),
    kept: () => kept,
    replace: (by: Keys) => {
      kept = by;
    },
    breakDisk: () => {
      broken = true;
    },
    ask: async () => tickets({ use: "connect", session: undefined }, signal),
    /** Key making and signing run on a thread of their own. */
    until: async (event: string) => {
      while (!events.includes(event)) await settled();
    },
  };
}

describe("the key that buys a ticket", () => {
  test("is not rotated a moment before it is due, and prepared for it at that moment [K8]", async () => {
    const early = await start();
    await early.gives(1);
    await early.ask();
    await settled();
    expect([early.asked.length, early.kept().next]).toEqual([1, undefined]);
    const due = await start();
    await due.gives(0);
    await due.ask();
    await due.until("key.refused");
    expect(due.asked[1]?.url).toBe(`https://api.example/v1/robots/${robot}/credentials`);
    expect(due.kept().next).toBeDefined();
  });

  test("is the next one as soon as there is one, which is the current one from its first ticket on [K2]", async () => {
    const next = await makeKeyPair();
    const { gives, ask, kept, kidOf } = await start({ next });
    await gives(1);
    expect(await ask()).toHaveProperty("answer");
    expect(kidOf(0)).toBe(await thumbprint(next));
    expect(kept()).toEqual({ current: next });
  });

  test("is the current one while the service does not know the next one, which is then announced again [N6]", async () => {
    const next = await makeKeyPair();
    const { refuses, gives, ask, asked, kept, kidOf, until } = await start({ next });
    refuses("assertion.key");
    await gives(1);
    expect(await ask()).toHaveProperty("answer");
    await until("key.refused");
    expect(kidOf(1)).toBe(await thumbprint(kept().current));
    expect(asked[2]?.body.publicKey).toMatchObject({ x: next.x });
    expect(kept().next).toEqual(next);
  });

  test.each(["credential.retired", "credential.inactive"] as const)(
    "is no longer followed by one that the service answers with %s",
    async (problem) => {
      const { refuses, gives, ask, kept, until } = await start({ next: await makeKeyPair() });
      refuses("assertion.key");
      await gives(1);
      refuses(problem);
      await ask();
      await until("key.refused");
      await settled();
      expect(kept().next).toBeUndefined();
    },
  );

  test("is looked up again when it is refused and another process rotated meanwhile", async () => {
    const { refuses, gives, ask, replace, kidOf } = await start();
    const rotated = await makeKeyPair();
    refuses("assertion.key");
    const asking = ask();
    replace({ current: rotated });
    await gives(1);
    expect(await asking).toHaveProperty("answer");
    expect(kidOf(1)).toBe(await thumbprint(rotated));
  });

  test("stays as it is, and the ticket is given, when the disk cannot keep what it bought", async () => {
    const { gives, ask, breakDisk, events } = await start({ next: await makeKeyPair() });
    await gives(1);
    const asking = ask();
    breakDisk();
    expect(await asking).toHaveProperty("answer");
    expect(events).toContain("key.unsaved");
    expect(await ask()).toMatchObject({ refusal: { retry: "backoff" } });
  });
});
