import { asyncApi } from "@tether/protocol/document/asyncapi";
import { documents } from "@tether/protocol/document/file";
import { sides, wireSchemas } from "@tether/protocol/document/json-schema";
import { problemPages } from "@tether/protocol/document/problem-page";
import { type ProblemCode, problems, problemType } from "@tether/protocol/problem";
import { expect, test } from "vitest";

type Document = {
  channels: Record<string, { messages: Record<string, { $ref: string }> }>;
  operations: Record<string, { messages: { $ref: string }[] }>;
};

/** The part of the document to which a reference leads. */
function at(document: object, reference: string): unknown {
  const path = reference.slice(2).split("/");
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], document);
}

test("the AsyncAPI document names every message once, and every reference in it leads somewhere", () => {
  const document = asyncApi() as Document;
  const references = [
    ...Object.values(document.channels).flatMap(({ messages }) => Object.values(messages)),
    ...Object.values(document.operations).flatMap(({ messages }) => messages),
  ].map(({ $ref }) => $ref);
  for (const reference of references) expect(at(document, reference), reference).toBeTypeOf("object");
  const told = Object.values(document.channels).flatMap(({ messages }) => Object.keys(messages));
  const are = sides
    .filter((side) => side !== "http" && side !== "permit")
    .flatMap((side) => Object.keys(wireSchemas[side]).map((type) => `${side}.${type}`));
  expect(told.sort()).toEqual(are.sort());
});

test("each side's schemas are a document of their own", () => {
  for (const side of sides) {
    const { $defs } = JSON.parse(documents()[`schema/${side}.schema.json`] ?? "{}");
    expect(Object.keys($defs)).toEqual(Object.keys(wireSchemas[side]));
  }
});

test("every problem has a page that says what it means, why, what to do and what will be seen", () => {
  const pages = problemPages();
  for (const code of Object.keys(problems)) {
    const page = pages[`problems/${code}.html`] ?? "";
    for (const heading of ["What it means", "Why", "What to do", "What you will see"]) expect(page).toContain(`<h2>${heading}</h2>`);
    expect(pages).toHaveProperty([new URL(problemType("https://console.example", code as ProblemCode)).pathname.slice(1)]);
    expect(page).not.toMatch(/undefined|<script|style=/);
    expect(pages["problems/index.html"]).toContain(`href="${code}.html"`);
  }
});
