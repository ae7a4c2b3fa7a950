import type { Failure, Result } from "../api/failure.ts";
import type { Event } from "./event.ts";
import { type History, merged, nothing, older } from "./history.ts";

type Page = { readonly items: readonly Event[]; readonly cursor?: string | undefined };

/** The most pages that are followed at one go. */
const pagesMost = 40;

export type Reader = {
  /**
   * Reads what is new, then as far back as `from` says, which is asked before every page. One at a time: asked again
   * meanwhile, the answer is that of the read that goes on.
   */
  read(from: () => number): Promise<Failure | undefined>;
};

/** Reads a timeline page by page, newest first, and tells what is known after each. `page` may reject: then nothing more is read. */
export function createReader({
  page,
  known,
}: {
  page: (cursor: string | undefined) => Promise<Result<Page>>;
  known: (history: History) => void;
}): Reader {
  let history = nothing;
  let reading: Promise<Failure | undefined> | undefined;

  function take(next: History): void {
    if (next === history) return;
    history = next;
    known(history);
  }

  async function news(): Promise<Failure | undefined> {
    let fresh: readonly Event[] = [];
    let cursor: string | undefined;
    for (let count = 1; count <= pagesMost; count++) {
      const result = await page(cursor);
      if ("failure" in result) return result.failure;
      fresh = [...fresh, ...result.value.items];
      cursor = result.value.cursor;
      // Too much happened since to read all of it: what is known begins anew.
      const joined = merged(history, fresh, cursor) ?? (count === pagesMost ? merged(nothing, fresh, cursor) : undefined);
      if (!joined) continue;
      take(joined);
      return undefined;
    }
    return undefined;
  }

  async function past(from: () => number): Promise<Failure | undefined> {
    for (let count = 0; count < pagesMost && history.cursor !== undefined && history.since > from(); count++) {
      const result = await page(history.cursor);
      if ("failure" in result) return result.failure;
      take(older(history, result.value.items, result.value.cursor));
    }
    return undefined;
  }

  return {
    read(from) {
      reading ??= (async () => (await news()) ?? (await past(from)))().finally(() => {
        reading = undefined;
      });
      return reading;
    },
  };
}
