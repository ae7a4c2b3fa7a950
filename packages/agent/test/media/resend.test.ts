import { expect, test } from "vitest";
import { createResend } from "../../src/media/resend.ts";

const packet = (size: number) => Buffer.alloc(size);

test("what was lost is sent again within 15 % of the bitrate, and refused beyond it", () => {
  let now = 0;
  const resend = createResend({ now: () => now }, () => 800_000);
  for (let sequence = 0; sequence < 100; sequence += 1) resend.keep(sequence, packet(1_000));
  const taken = (from: number) =>
    Array.from({ length: 30 }, (_, index) => resend.take(from + index)).filter((one) => one !== "refused").length;
  expect(taken(0)).toBe(20);
  now += 1_000;
  // 15 % of 100,000 bytes a second.
  expect(taken(30)).toBe(15);
});

test("a packet is kept for the 512 that follow it, over the turn of the sequence numbers", () => {
  const resend = createResend({ now: () => 0 }, () => 1e6);
  for (let index = 0; index < 512; index += 1) resend.keep((65_500 + index) & 0xffff, packet(1));
  expect(resend.take(65_500)).not.toBe("refused");
  resend.keep((65_500 + 512) & 0xffff, packet(1));
  expect([resend.take(65_500), resend.take(1_000)]).toEqual(["refused", "refused"]);
});
