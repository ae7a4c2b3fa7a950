import type { Robot } from "@tether/protocol/http";
import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { createVirtualClock } from "../../../sdk/test/virtual-clock.ts";
import type { Result } from "../../src/api/failure.ts";
import { unreachable } from "../../src/api/failure.ts";
import { type Fleet, watchFleet } from "../../src/fleet/watch.ts";

type Page = { items: readonly Robot[]; cursor?: string };

const minute = 60_000;
const idOf = (n: number) => `rob_01JD0000000000000000${String(n).padStart(6, "0")}`;

/** A service with so many robots, and a page that shows the first of them. */
function start(count: number, { attended = true, inView: seen = 20 } = {}) {
  const clock = createVirtualClock();
  const robots = Array.from({ length: count }, (_, n) => ({ id: idOf(n), name: `Mower ${n}`, presence: { state: "offline" } }));
  const asked: string[] = [];
  const setting = { attended, fails: false };
  let fleet: Fleet | undefined;

  async function list(query: URLSearchParams): Promise<Result<Page>> {
    asked.push(String(query));
    if (setting.fails) return { failure: unreachable };
    const ids = query.get("robots")?.split(",");
    const name = query.get("name");
    const found = robots.filter((robot) => (ids?.includes(robot.id) ?? true) && (name === null || robot.name === name));
    const from = Number(query.get("cursor") ?? 0);
    const to = from + limits.http.pageItems;
    const items = structuredClone(found.slice(from, to)) as object[] as Robot[];
    return { value: { items, ...(to < found.length && { cursor: String(to) }) } };
  }

  const shown = robots.slice(0, seen).map(({ id }) => id);
  const inView = () => shown;
  const watch = watchFleet({ clock, list, isAttended: () => setting.attended, inView, changed: (now) => (fleet = now) });
  const stateOf = (n: number) => fleet?.robots?.find(({ id }) => id === idOf(n))?.presence?.state;
  return { clock, robots, setting, watch, asked, take: () => asked.splice(0), stateOf, fleet: () => fleet };
}

test.each([
  [1, true],
  [50, true],
  [51, true],
  [300, true],
  [51, false],
  [300, false],
])(
  "of %i robots a change among 16 on the screen shows within 3 s, where the page is used or the fleet is large: %j",
  async (count, attended) => {
    const { clock, robots, stateOf, fleet } = start(count, { attended, inView: 16 });
    await clock.advance(0);
    expect(fleet()?.robots).toHaveLength(count);
    for (let offMs = 0; offMs < 20_000; offMs += 1_700) {
      const [robot] = robots;
      if (!robot) throw new Error("a fleet has a robot");
      robot.presence.state = robot.presence.state === "online" ? "away" : "online";
      await clock.advance(2_999);
      expect(stateOf(0)).toBe(robot.presence.state);
      await clock.advance(1_700);
    }
  },
);

test.each([
  [1, 1, 12],
  [50, 20, 12],
  [51, 1, 23],
  [300, 16, 23],
  [900, 20, 20],
  [900, 50, 11],
])("a page with %i robots, %i of them on the screen, that nobody uses asks %i times a minute at most", async (count, inView, most) => {
  const { clock, take, setting } = start(count, { attended: false, inView });
  await clock.advance(5 * minute);
  take();
  await clock.advance(30 * minute);
  expect(take().length / 30).toBeLessThanOrEqual(most);
  setting.attended = true;
  await clock.advance(minute);
  take();
  await clock.advance(10 * minute);
  expect(take().length / 10).toBeLessThanOrEqual(31);
});

test("a robot that is not on the screen, is new or is deleted, is known of when the whole fleet is asked for again", async () => {
  const { clock, robots, stateOf, fleet } = start(300);
  await clock.advance(0);
  Object.assign(robots[200]?.presence ?? {}, { state: "online" });
  robots.splice(0, 1);
  await clock.advance(2_500);
  expect([stateOf(200), stateOf(0), fleet()?.robots?.length]).toEqual(["offline", undefined, 299]);
  robots.push({ id: idOf(300), name: "New", presence: { state: "online" } });
  await clock.advance(minute);
  expect([stateOf(200), stateOf(300)]).toEqual(["online", "online"]);
});

test("a page that nobody can see asks nothing, and all at once when it can be seen again", async () => {
  const { clock, watch, take } = start(60);
  await clock.advance(0);
  watch.hide(true);
  take();
  await clock.advance(minute);
  expect(take()).toEqual([]);
  watch.hide(false);
  await clock.advance(0);
  expect(take()).toEqual(["", "cursor=50"]);
});

test("somebody who uses the page again sees at once what was not asked for meanwhile", async () => {
  const { clock, watch, take, setting } = start(60, { attended: false });
  await clock.advance(2_800);
  take();
  setting.attended = true;
  watch.wake();
  await clock.advance(0);
  expect(take()).toHaveLength(1);
});

test("what is known stays when the service is not reached, which is told, and it is asked again after 5 s", async () => {
  const { clock, fleet, setting } = start(60);
  await clock.advance(0);
  setting.fails = true;
  await clock.advance(2_500);
  expect([fleet()?.failure, fleet()?.robots?.length]).toEqual([unreachable, 60]);
  setting.fails = false;
  await clock.advance(5_000);
  expect([fleet()?.failure, fleet()?.robots?.length]).toEqual([undefined, 60]);
});

test("a fleet that is too large to load is searched at the service", async () => {
  const { clock, watch, fleet, take } = start(1_100);
  await clock.advance(0);
  expect([fleet()?.isWhole, fleet()?.robots?.length]).toEqual([false, 1_000]);
  take();
  watch.search({ name: "Mower 1099" });
  await clock.advance(0);
  expect([take(), fleet()?.robots?.map(({ name }) => name)]).toEqual([["name=Mower+1099"], ["Mower 1099"]]);
});
