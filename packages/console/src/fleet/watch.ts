import type { Presence, Robot } from "@tether/protocol/http";
import { limits } from "@tether/protocol/limits";
import type { Clock } from "@tether/sdk/clock";
import type { Failure, Result } from "../api/failure.ts";

/** The robots that a person may see. After a failure the last known ones stay. */
export type Fleet = {
  readonly robots?: readonly Robot[];
  readonly failure?: Failure;
  /** Whether no robot is left out. Of a fleet that is too large to load, a filter is asked of the service. */
  readonly isWhole: boolean;
};

export type Filter = { readonly name?: string; readonly state?: Presence["state"] };

type Page = { readonly items: readonly Robot[]; readonly cursor?: string | undefined };

type Env = {
  readonly clock: Clock;
  /** Never rejects, except with its signal's reason. */
  readonly list: (query: URLSearchParams, signal: AbortSignal) => Promise<Result<Page>>;
  /** Whether somebody used the page lately. */
  readonly isAttended: () => boolean;
  /** The robots that can be seen on the screen. */
  readonly inView: () => readonly string[];
  readonly changed: (fleet: Fleet) => void;
};

/** A larger fleet is searched at the service. */
const pagesMost = 20;

/** After a failure. */
const againMs = 5_000;

/**
 * A fleet of one page is asked for whole. Of a larger one the robots on the screen are asked for by one request, and each page of the whole
 * fleet rarely. While nobody uses the page, that costs no more than the next page of the fleet every 5 s did: the store's reads are
 * most of a request's price, so a request for few robots may be made more often.
 */
const everyMs = {
  attended: { single: 2_500, inView: () => 2_500, page: 10_000 },
  idle: { single: 5_000, inView: (robots: number) => Math.max(2_900, 900 + 125 * robots), page: 45_000 },
} as const;

export type FleetWatch = ReturnType<typeof watchFleet>;

/** Keeps what is known of a fleet new, at once for the robots that somebody looks at. */
export function watchFleet({ clock, list, isAttended, inView, changed }: Env) {
  const abort = new AbortController();
  let fleet: Fleet = { isWhole: true };
  let filter: Filter = {};
  let isTooLarge = false;
  let isRunning = false;
  let isHidden = false;
  let pages = 1;
  let readAt = Number.NEGATIVE_INFINITY;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let failedAt: number | undefined;
  let cancel = () => {};

  function set(change: Partial<Fleet>, failure?: Failure): void {
    if (abort.signal.aborted) return;
    const { failure: _, ...before } = fleet;
    fleet = { ...before, ...change, ...(failure && { failure }) };
    changed(fleet);
  }

  async function readPages(): Promise<Result<readonly Robot[]> & { readonly more?: boolean }> {
    const robots: Robot[] = [];
    const query = new URLSearchParams(isTooLarge ? { ...filter } : {});
    for (pages = 1; ; pages++) {
      const result = await list(query, abort.signal);
      if ("failure" in result) return result;
      robots.push(...result.value.items);
      const { cursor } = result.value;
      if (cursor === undefined || pages === pagesMost) return { value: robots, more: cursor !== undefined };
      query.set("cursor", cursor);
    }
  }

  async function readAll(): Promise<void> {
    const result = await readPages();
    readAt = lookedAt = clock.now();
    failedAt = "failure" in result ? readAt : undefined;
    if ("failure" in result) return set({}, result.failure);
    isTooLarge ||= result.more === true;
    set({ robots: result.value, isWhole: !isTooLarge });
  }

  const shownIds = () => inView().slice(0, limits.http.pageItems);

  async function readInView(): Promise<void> {
    const ids = new Set(shownIds());
    lookedAt = clock.now();
    if (ids.size === 0) return;
    const result = await list(new URLSearchParams({ robots: [...ids].join() }), abort.signal);
    failedAt = "failure" in result ? clock.now() : undefined;
    if ("failure" in result) return set({}, result.failure);
    const now = new Map(result.value.items.map((robot) => [robot.id, robot]));
    // A robot that is missing in the answer was deleted, or this person may not see it any more.
    set({ robots: (fleet.robots ?? []).flatMap((robot) => now.get(robot.id) ?? (ids.has(robot.id) ? [] : [robot])) });
  }

  function due(): { readonly at: number; readonly read: () => Promise<void> } {
    const every = isAttended() ? everyMs.attended : everyMs.idle;
    if (failedAt !== undefined) return { at: failedAt + againMs, read: readAll };
    const whole = readAt + (pages === 1 ? every.single : every.page * pages);
    const looked = lookedAt + every.inView(shownIds().length);
    return pages === 1 || whole <= looked ? { at: whole, read: readAll } : { at: looked, read: readInView };
  }

  function arm(): void {
    cancel();
    if (isRunning || isHidden || abort.signal.aborted) return;
    const leftMs = due().at - clock.now();
    if (leftMs <= 0) void run();
    else cancel = clock.after(leftMs, () => void run());
  }

  async function run(): Promise<void> {
    isRunning = true;
    await due()
      .read()
      .catch(() => undefined);
    isRunning = false;
    arm();
  }

  /** Asks for all of it now. */
  function reload(): void {
    readAt = Number.NEGATIVE_INFINITY;
    failedAt = undefined;
    pages = 1;
    arm();
  }

  arm();
  return {
    reload,
    /** Somebody uses the page again: what was not asked for as often as that is asked for now. */
    wake: arm,
    hide(hidden: boolean) {
      isHidden = hidden;
      if (hidden) cancel();
      else reload();
    },
    search(wanted: Filter) {
      filter = wanted;
      if (isTooLarge) reload();
    },
    stop() {
      abort.abort();
      cancel();
    },
  };
}
