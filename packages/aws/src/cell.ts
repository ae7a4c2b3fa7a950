import { limits } from "@tether/protocol/limits";

/** The headers by which the home cell shows another one who asks, and says for whom. */
export const homeHeader = "x-tether-home";
export const sourceHeader = "x-tether-source";

/** A request as it is handed on. `path` has the query with it; `source` is the address that it came from. */
export type CellRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly source: string;
};

/** The other cells of a deployment, as the home cell asks them. */
export type Cells = {
  readonly names: readonly string[];
  /** Asks a cell's API. Nothing where there is no such cell, or it did not answer in time. */
  ask(cell: string, request: CellRequest): Promise<Response | undefined>;
};

const Name = /^[a-z][a-z0-9-]{0,15}$/;

/** Reads `name=origin,…`. */
export function parseCells(text: string): ReadonlyMap<string, string> {
  const named = text.split(",").flatMap((part) => part.trim() || []);
  const cells = new Map(
    named.map((part): [string, string] => {
      const [name = "", origin = ""] = part.split("=");
      if (!Name.test(name) || name === "home" || !URL.canParse(origin) || new URL(origin).origin !== origin)
        throw new Error("cells are listed as `name=https://api.example.com,…`; none is called home");
      return [name, origin];
    }),
  );
  if (cells.size < named.length || cells.size > limits.cell.most)
    throw new Error(`cells have a name each, and are ${limits.cell.most} at most`);
  return cells;
}

/** A request is sent once: what it asks for may have been done, though its answer was lost. */
export function createCells(cells: ReadonlyMap<string, string>, [key = ""]: readonly string[], fetch = globalThis.fetch): Cells {
  return {
    get names() {
      return [...cells.keys()];
    },
    async ask(cell, { method, path, headers, body, source }) {
      const origin = cells.get(cell);
      if (origin === undefined) return undefined;
      const asked = {
        method,
        headers: { ...headers, [homeHeader]: key, [sourceHeader]: source },
        ...(body !== "" && { body }),
        redirect: "error",
        signal: AbortSignal.timeout(limits.cell.answerMs),
      } as const;
      return fetch(new URL(path, origin).href, asked).catch(() => undefined);
    },
  };
}
