import { createServer, type RequestListener } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { createCellAdmission } from "../src/admission.ts";
import { createCells, homeHeader, parseCells, sourceHeader } from "../src/cell.ts";

async function serving(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

test.each([
  "b",
  "home=https://a.example",
  "B=https://a.example",
  "b=https://a.example/v1",
  "b=ftp//a",
  "b=https://a.example,b=https://c.example",
])("cells that cannot be told apart or asked are refused before anything is deployed: %s", (text) =>
  expect(() => parseCells(text)).toThrow(/cells/),
);

test("cells are read by name, and seventeen are too many", () => {
  expect([...parseCells(" b=https://b.example, c2=https://c.example ")]).toEqual([
    ["b", "https://b.example"],
    ["c2", "https://c.example"],
  ]);
  expect(parseCells("").size).toBe(0);
  const named = Array.from({ length: 17 }, (_, n) => `c${n}=https://c${n}.example`);
  expect(parseCells(named.slice(1).join(",")).size).toBe(16);
  expect(() => parseCells(named.join(","))).toThrow(/16/);
});

test("a request is handed on as it was, with home's newest key and for whom; a cell that is not there or leads elsewhere answers nothing [C1]", async () => {
  const asked: unknown[] = [];
  const origin = await serving((request, response) => {
    const { method, url, headers } = request;
    const { authorization, [homeHeader]: home, [sourceHeader]: source } = headers;
    request.setEncoding("utf8").on("data", (body) => asked.push({ method, url, authorization, home, source, body }));
    request.on("end", () => (url === "/v1/elsewhere" ? response.writeHead(307, { location: "/v1/x" }).end() : response.end("{}")));
  });
  const cells = createCells(new Map([["b", origin]]), ["newest", "older"]);
  const request = { method: "POST", path: "/v1/robots?x=1", headers: { authorization: "Bearer t" }, body: "{}", source: "192.0.2.1" };
  expect((await cells.ask("b", request))?.status).toBe(200);
  expect(asked).toEqual([
    { method: "POST", url: "/v1/robots?x=1", authorization: "Bearer t", home: "newest", source: "192.0.2.1", body: "{}" },
  ]);
  expect(await cells.ask("c", request)).toBe(undefined);
  expect(await cells.ask("b", { ...request, path: "/v1/elsewhere" })).toBe(undefined);
  expect(await createCells(new Map([["b", "http://127.0.0.1:9"]]), ["k"]).ask("b", request)).toBe(undefined);
});

test.each([
  [422, 422, true],
  [429, 422, false],
  [422, 503, false],
])("a cell's tickets are given where home answers %i and the cell itself %i: %s [L5.1, C1]", async (ofHome, ofCell, gives) => {
  const home = await serving((_, response) => response.writeHead(ofHome).end("{}"));
  const origin = await serving((request, response) => response.writeHead(request.headers[homeHeader] === "key" ? ofCell : 403).end("{}"));
  expect(await createCellAdmission(origin, { home, keys: ["key"] })()).toBe(gives);
});
