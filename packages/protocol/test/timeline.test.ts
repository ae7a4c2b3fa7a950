import { TimelineEvent, timelineEvents } from "@tether/protocol/timeline";
import { describe, expect, test } from "vitest";

describe.each(Object.entries(timelineEvents))("%s", (type, says) => {
  test("is a noun and a past participle or state", () => {
    expect(type).toMatch(/^(robot|grant|credential|enrollment|session|control)\.[a-z]+$/);
  });

  test("reads as a sentence with places for those who took part", () => {
    expect(says).toMatch(/^\{(who|by|from)\} .*\.$/);
    const places = [...says.matchAll(/\{(.*?)\}/g)].map(([, place]) => place);
    expect(["who", "by", "to", "from", "role"]).toEqual(expect.arrayContaining(places));
  });

  test("is what an event may be", () => {
    const event = { id: `evt_${"0".repeat(26)}`, robot: `rob_${"0".repeat(26)}`, at: 1, type, actor: { type: "system" }, inferred: false };
    expect(TimelineEvent.parse(event)).toEqual(event);
    expect(TimelineEvent.safeParse({ ...event, type: `${type}x` }).success).toBe(false);
  });
});
