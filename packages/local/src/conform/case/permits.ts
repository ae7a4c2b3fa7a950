import type { Case } from "../case.ts";
import { check } from "../watch.ts";

export const permits: readonly Case[] = [
  {
    clauses: ["R1.1"],
    says: "refuses permits of another type or key, and with what is critical, that the broker signed",
    async run({ driver, change, show, service }) {
      const operator = driver();
      const good = operator.permit(change(operator));
      const { signer } = service;
      const bad: readonly (readonly [string, string])[] = [
        ["with the algorithm none", signer.permit(good, { alg: "none" })],
        ["of the type JWT", signer.permit(good, { typ: "JWT" })],
        ["with something critical", signer.permit(good, { crit: ["b64"], b64: true })],
        ["by a key that welcome did not give", signer.permit(good, { kid: "other" })],
      ];
      for (const [what, jws] of bad) {
        const answer = await show(operator, jws);
        check(
          answer.type === "refused" && answer.reason === "permit.invalid",
          `a permit ${what} was ${answer.type} ${answer.reason ?? ""}`,
        );
      }
    },
  },
  {
    clauses: ["R1"],
    says: "refuses permits of another robot, and one that is over",
    async run({ driver, change, show, service }) {
      const operator = driver();
      const epoch = change(operator);
      const good = operator.permit(epoch);
      const bad = [
        ["of another robot", { ...good, robot: "rob_01J00000000000000000000009" as never }, "robot.other"],
        ["that is over", { ...good, issuedAt: service.now() - 60_000, expiresAt: service.now() - 1_000 }, "permit.over"],
      ] as const;
      for (const [what, permit, reason] of bad) {
        const answer = await show(operator, permit);
        check(answer.type === "refused" && answer.reason === reason, `a permit ${what} was ${answer.type} ${answer.reason ?? ""}`);
      }
    },
  },
  {
    clauses: ["R1.2"],
    says: "goes by the permit of an epoch that was issued last, whenever an older one is shown",
    async run({ driver, hold, show, obeys, service }) {
      const operator = driver();
      const epoch = await hold(operator, { maxAgeMs: 400 });
      const older = operator.permit(epoch, { issuedAt: service.now() - 5_000, maxAgeMs: 2_000 });
      await show(operator, older);
      check(
        !(await obeys(operator, epoch, () => ({ sentAt: operator.now() - 900 }))),
        "it went by the policy of a permit that is older than the one it had",
      );
      check(await obeys(operator, epoch), "it did not obey a fresh command afterwards");
    },
  },
  {
    clauses: ["R1.4"],
    says: "takes its own idea of the broker's clock for late where a permit seems to be of the future",
    async run({ driver, change, show, service, reconnect, wait }) {
      const operator = driver();
      const ahead = { issuedAt: service.now() + 30_000, expiresAt: service.now() + 330_000 };
      const answer = await show(operator, operator.permit(change(operator), ahead));
      check(answer.type === "accepted", `it refused a permit that is 30 s ahead of its idea of the broker's clock: ${answer.reason}`);
      const short = { issuedAt: service.now(), expiresAt: service.now() + 10_000 };
      const over = await show(operator, operator.permit(change(operator), short));
      check(
        over.type === "refused" && over.reason === "permit.over",
        "it took a permit that is over by the clock that the one before showed",
      );
      // A welcome tells the time anew, once it is there.
      await reconnect();
      await wait(500);
    },
  },
  {
    clauses: ["R2", "R3", "W5"],
    says: "drives on for 20 s without its signalling, asks its holder for a fresh permit every 8 s, and stops then",
    async run({ driver, hold, service, clock, connected, welcome, wait }) {
      const operator = driver();
      const epoch = await hold(operator);
      const from = operator.received.all.length;
      const before = service.connections.all.length;
      service.state.refuse = () => "unavailable";
      service.connections.all.at(-1)?.cut();
      const lostAt = clock.now();
      let over: number | undefined;
      for (let n = 0; n < 250 && over === undefined; n += 1) {
        operator.command(epoch);
        await wait(100);
        const end = operator.received.all.slice(from).find(({ message }) => message.type === "stopped" || message.type === "refused");
        if (end) over = end.at - lostAt;
      }
      const asked = operator.received.all.slice(from).filter(({ message }) => message.type === "renew").length;
      service.state.refuse = undefined;
      const connection = await connected(before);
      welcome(connection);
      check(over !== undefined, "it obeyed for longer than 25 s without its signalling");
      check(over > 17_000, `it stopped ${over} ms after its signalling was lost; it may be trusted for 20 s`);
      check(over < 22_000, `it obeyed for ${over} ms without its signalling`);
      check(asked >= 1, "it did not ask its holder for a fresh permit");
    },
  },
];
