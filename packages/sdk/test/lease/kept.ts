import type { ToBroker } from "@tether/protocol/frame";
import { problemFrame } from "@tether/protocol/frame/problem";
import { limits } from "@tether/protocol/limits";
import { problem } from "@tether/protocol/problem";
import { keepLease } from "../../src/lease/lease.ts";
import type { Ticketed } from "../../src/ticket/source.ts";
import { answer, session } from "../connection/example.ts";
import { createTestPlatform } from "../platform.ts";
import { settled } from "../virtual-clock.ts";

export const minute = 60_000;
export const leaseMs = limits.auth.leaseMs;

/** The server's clock is an hour ahead of this end's. */
const aheadMs = 60 * minute;

/** A lease that is kept at a service whose every ticket can be refused or move nothing. */
export function start(fraction = 0.5, granted = leaseMs) {
  const { clock, platform } = createTestPlatform({ fraction: () => fraction });
  const sent: ToBroker[] = [];
  const asked: string[] = [];
  const refusals: Ticketed[] = [];
  const renewals: number[] = [];
  const lines: object[] = [];
  const signals: AbortSignal[] = [];
  const serverNow = () => clock.now() + aheadMs;
  const service = { leaseEndsAt: serverNow() + granted };
  const env = {
    ...platform,
    log: (line: object) => void lines.push(line),
    session,
    send: (frame: ToBroker) => sent.push(frame),
    renewed: (expiresAt: number) => renewals.push(expiresAt),
    async tickets({ use, fresh }: { use: string; fresh?: boolean }, signal: AbortSignal) {
      asked.push(fresh ? `${use} fresh` : use);
      signals.push(signal);
      return refusals.shift() ?? { answer: { ...answer(asked.length, serverNow()), auth: { expiresAt: service.leaseEndsAt } } };
    },
  };
  const lease = keepLease(env, { serverTime: serverNow(), expiresAt: serverNow() + granted });
  let answered = 0;
  /** Answers each renewal that is sent within so many seconds that it moved nothing. */
  async function moveNothing(seconds: number, each = (_: number) => {}): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      each(second);
      await clock.advance(1_000);
      while (answered < sent.length) {
        const frames = sent.slice(answered);
        answered = sent.length;
        for (const frame of frames) if ("id" in frame) lease.hear(problemFrame(problem("auth.unmoved"), frame.id));
        await settled();
      }
    }
  }
  return { clock, sent, asked, refusals, renewals, lease, serverNow, lines, signals, service, moveNothing };
}
