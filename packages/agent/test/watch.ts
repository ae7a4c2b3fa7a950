import { platform } from "@tether/sdk/platform";

export type Watch<Item> = {
  readonly all: Item[];
  put(item: Item): void;
  until(what: string, holds: (item: Item) => boolean, from?: number): Promise<Item>;
};

/** Records items and waits for one that matches, from the index `from` on. */
export function createWatch<Item>(): Watch<Item> {
  const all: Item[] = [];
  const waiting = new Set<() => void>();
  return {
    all,
    put(item) {
      all.push(item);
      for (const look of [...waiting]) look();
    },
    until(what, holds, from = 0) {
      return new Promise((resolve, reject) => {
        const cancel = platform.clock.after(60_000, () => reject(new Error(`${what} did not come: ${JSON.stringify(all.slice(-5))}`)));
        const look = () => {
          const found = all.slice(from).find(holds);
          if (!found) return;
          waiting.delete(look);
          cancel();
          resolve(found);
        };
        waiting.add(look);
        look();
      });
    },
  };
}
