import { normalCode } from "@tether/protocol/enrollment-code";
import { keepaliveFeature } from "@tether/protocol/frame/hello";
import type { PublicKey } from "@tether/protocol/http";
import { limits } from "@tether/protocol/limits";
import { problems } from "@tether/protocol/problem";
import type { Case } from "../case.ts";
import type { Connection } from "../connection.ts";
import { readJws, sha256, thumbprint } from "../keys.ts";
import { robot } from "../server.ts";
import { code } from "../service.ts";
import { check } from "../watch.ts";
import { reconnects } from "./reconnects.ts";

const isMinute = (iat: unknown, exp: unknown) => typeof iat === "number" && typeof exp === "number" && exp > iat && exp - iat <= 60;

/** The sentence of the cases that judge this. */
export const tellingOfKeepalives = "says in its hello that it sends keepalives";

/** Judges whether an end that sends keepalives says so. */
export function judgeFeatures(connection: Connection | undefined): void {
  const hello = connection?.heard.all.find(({ frame }) => frame?.type === "hello")?.frame;
  check(hello?.type === "hello" && hello.features.includes(keepaliveFeature), "its hello has no feature keepalive");
}

export const connects: readonly Case[] = [
  {
    clauses: ["N3", "N3.1", "K1.1"],
    says: "redeems a code with its key's proof, once more by the server's clock when its own is off",
    async run({ target, service }) {
      target.start();
      const asked = await service.asked.until("the code", ({ path, refused: no }) => path === "/v1/enrollments/redeem" && !no, {
        ms: 30_000,
      });
      const key = asked.body.publicKey as PublicKey;
      const proof = readJws(String(asked.body.proof), key);
      check(proof?.holds === true, "the proof is not signed by the key");
      check(proof.header.typ === "tether-proof+jwt", "the proof's typ is not tether-proof+jwt");
      check(proof.payload.sub === sha256(normalCode(code) ?? ""), "the proof's sub is not the hash of the code in its normal form");
      check(proof.payload.aud === service.origin, "the proof's aud is not the API's origin");
      check(isMinute(proof.payload.iat, proof.payload.exp), "the proof lives longer than a minute");
    },
  },
  {
    clauses: ["A2", "A2.1", "K1.1", "E6"],
    says: "asks for a ticket with an assertion by its key, and once more by the server's clock",
    async run({ service }) {
      const asked = await service.asked.until("a ticket", ({ path, refused: no }) => path === "/v1/tickets/robot" && !no, { ms: 30_000 });
      const key = service.keys[0];
      const assertion = key && readJws(String(asked.body.assertion), key.key);
      check(assertion?.holds === true, "the assertion is not signed by the registered key");
      const { header, payload } = assertion;
      check(header.kid === thumbprint(key?.key as PublicKey), "kid is not the key's thumbprint");
      check(header.alg === (key?.key.kty === "OKP" ? "EdDSA" : "ES256"), "alg is not the key's");
      check(payload.iss === robot && payload.sub === robot, "iss and sub are not the robot");
      check(payload.aud === service.origin, "aud is not the API's origin");
      check(isMinute(payload.iat, payload.exp), "the assertion lives longer than a minute");
      const early = service.asked.all.filter(({ path, refused: why }) => path === "/v1/tickets/robot" && why === "assertion.clock");
      check(early.length <= 1, "it asked with a clock that is off more than once");
    },
  },
  {
    clauses: ["T1", "H1"],
    says: "connects with its ticket as a subprotocol, and says hello first",
    async run({ connected, welcome }) {
      const connection = await connected(0);
      check(connection.use === "connect", `the ticket that it offered is ${connection.use ? `for ${connection.use}` : "none of its own"}`);
      const [first] = connection.heard.all;
      check(first?.frame?.type === "hello", `the first frame is not hello, or not a valid one: ${first?.wrong ?? first?.frame?.type}`);
      check(first.frame.protocol === 1, "protocol is not 1");
      welcome(connection);
    },
  },
  {
    clauses: ["P15"],
    says: tellingOfKeepalives,
    async run({ service }) {
      judgeFeatures(service.connections.all.at(-1));
    },
  },
  {
    clauses: ["F3", "F10"],
    says: "lives through frames that it does not know, that are none, and that the gateway makes",
    async run({ service, wait }) {
      const connection = service.connections.all.at(-1);
      for (const text of [
        '{"type":"nobody.knows","x":1}',
        "no json",
        "[]",
        '{"message":"Internal server error","connectionId":"a","requestId":"b"}',
      ])
        connection?.raw(text);
      await wait(500);
      check(connection?.isOver() === false, "it gave its connection up");
      check(connection === service.connections.all.at(-1), "it made another connection");
    },
  },
  {
    clauses: ["S14", "S5"],
    says: "acknowledges a signal, and one that is doubled again",
    async run({ join, service, wait }) {
      const operator = await join({ offers: false });
      const connection = service.connections.all.at(-1);
      operator.signal({ kind: "app", body: { hello: 1 } });
      const acks = () =>
        connection?.heard.all.filter(
          ({ frame }) => (frame?.type === "ack" || frame?.type === "signal") && frame.to === operator.session && frame.received?.seq === 1,
        ).length ?? 0;
      for (let n = 0; n < 60 && acks() === 0; n += 1) await wait(50);
      check(acks() > 0, "it did not acknowledge within 3 s");
      const before = acks();
      operator.signal({ kind: "app", body: { hello: 1 } }, { seq: 1 });
      for (let n = 0; n < 60 && acks() === before; n += 1) await wait(50);
      check(acks() > before, "it did not acknowledge the double");
      operator.close();
    },
  },
  // These come before other cuts, each of which has a robot wait longer before it connects again.
  ...reconnects,
  {
    clauses: ["E1", "E2"],
    says: "connects again after its socket was cut, with a ticket of its own",
    async run({ service, reconnect }) {
      const before = service.connections.all.map(({ ticket }) => ticket);
      const connection = await reconnect();
      check(connection.use === "connect" && !before.includes(connection.ticket), "it came with a ticket that was used before");
    },
  },
  {
    clauses: ["L3", "L3.1", "L1"],
    says: "renews its lease on the same connection when it is warned",
    async run({ service }) {
      const connection = service.connections.all.at(-1);
      const from = connection?.heard.all.length ?? 0;
      connection?.say({ type: "auth.expiring", expiresAt: service.now() + 5_000 });
      const renew = await connection?.frame("auth.renew", { from });
      connection?.say({ type: "auth.renewed", ...(renew?.id && { id: renew.id }), expiresAt: service.now() + limits.auth.leaseMs });
      const asked = service.asked.all.findLast(({ path }) => path === "/v1/tickets/robot");
      check(asked?.body.use === "renew", "it renewed with a ticket that is not a renew ticket");
    },
  },
  {
    clauses: ["L3.3"],
    says: "keeps its connection where a renewal moved nothing, and does not try again and again",
    async run({ service, wait }) {
      const connection = service.connections.all.at(-1);
      const from = connection?.heard.all.length ?? 0;
      const { says, remedy } = problems["auth.unmoved"];
      let tries = 0;
      connection?.say({ type: "auth.challenge" });
      await connection?.frame("auth.renew", { from });
      for (let n = 0; n < 30; n += 1) {
        const renewals = connection?.heard.all.slice(from).flatMap(({ frame }) => (frame?.type === "auth.renew" ? [frame] : [])) ?? [];
        for (const { id } of renewals.slice(tries))
          connection?.say({ type: "problem", code: "auth.unmoved", says, remedy, ...(id && { id }) });
        tries = renewals.length;
        await wait(100);
      }
      check(tries <= 2, `it tried ${tries} times within 3 s`);
      check(connection?.isOver() === false && connection === service.connections.all.at(-1), "it gave its connection up");
      connection?.say({ type: "auth.renewed", expiresAt: service.now() + limits.auth.leaseMs });
    },
  },
  {
    clauses: ["K1", "K2", "K2.1", "N6"],
    says: "announces its next key when that is due, keeps the old one until the next was taken, and goes on with that",
    async run({ service, reconnect, wait }) {
      const path = `/v1/robots/${robot}/credentials`;
      service.state.rotateAfter = 0;
      let lost = 0;
      service.state.refuse = (of) => {
        if (of !== path || lost > 0) return undefined;
        lost += 1;
        return "unavailable";
      };
      const old = service.keys[0]?.kid;
      const kidOf = (assertion: unknown) => JSON.parse(Buffer.from(String(assertion).split(".")[0] ?? "", "base64url").toString()).kid;
      await reconnect();
      await service.asked.until("the next key", (asked) => asked.path === path, { ms: 15_000 });
      const from = service.asked.all.length;
      await reconnect();
      // A robot may announce its key again at once, and use it from then on.
      const known = service.asked.all.findIndex((asked, at) => at >= from && asked.path === path && !asked.refused);
      const before = service.asked.all.slice(from, known < 0 ? undefined : known);
      const tickets = before.filter((asked) => asked.path === "/v1/tickets/robot" && !asked.refused);
      check(
        tickets.every(({ body }) => kidOf(body.assertion) === old),
        "it uses a key that the service does not know",
      );
      const announced = await service.asked.until("the next key, again", (asked) => asked.path === path && !asked.refused, { ms: 15_000 });
      const key = announced.body.publicKey as PublicKey;
      const proof = readJws(String(announced.body.proof), key);
      check(proof?.holds === true && proof.payload.sub === robot, "the next key's proof is not its own, or not for this robot");
      const by = service.keys.find(({ kid }) => kid === old);
      check(
        by !== undefined && readJws(String(announced.body.assertion), by.key)?.holds === true,
        "the next key is not announced by the active one",
      );
      await wait(200);
      const later = service.asked.all.length;
      await reconnect();
      const used = service.asked.all.slice(later).findLast((asked) => asked.path === "/v1/tickets/robot" && !asked.refused);
      check(kidOf(used?.body.assertion) === thumbprint(key), "it did not take its next key into use");
    },
  },
];
