import { sValidator } from "@hono/standard-validator";
import { fieldsOf } from "@tether/protocol/field";
import { problem } from "@tether/protocol/problem";
import type * as z from "zod/mini";
import { type Asked, refuse } from "./answer.ts";

/** Reads a part of the request by its schema. A refusal names the fields, never what they held. */
export function input<Target extends "json" | "param" | "query", Schema extends z.ZodMiniType>(target: Target, schema: Schema) {
  return sValidator(target, schema, (result, c) => {
    if (result.success) return undefined;
    const issues = result.error.map(({ path }) => ({ path: (path ?? []).map((part) => (typeof part === "object" ? part.key : part)) }));
    // The validator types its context without our variables; `createApp` has set them.
    return refuse(c as unknown as Asked, problem("request.invalid", fieldsOf(issues)));
  });
}
