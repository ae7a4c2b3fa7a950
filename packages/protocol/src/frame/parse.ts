import type * as z from "zod/mini";
import { fieldsOf } from "../field.ts";
import { type Problem, problem } from "../problem.ts";
import { type FromBroker, fromBroker, type ToBroker, toBroker } from "./index.ts";

/** A frame of a type this version does not know; receivers ignore it. */
export type Unknown = { readonly unknown: string };

/** The result of parsing a text frame. A refusal carries the frame's own `id` where it could be read, and its type where that is known. */
export type Parsed<Frame> = { frame: Frame } | Unknown | (Problem & { id?: string; type?: string });

function parse<Frame>(table: Record<string, z.ZodMiniType>, text: string): Parsed<Frame> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return problem("frame.malformed");
  }
  if (typeof value !== "object" || value === null) return problem("frame.malformed");
  const id = "id" in value && typeof value.id === "string" && value.id.length <= 64 ? { id: value.id } : {};
  if (!("type" in value) || typeof value.type !== "string") return { ...problem("frame.malformed"), ...id };
  if (!Object.hasOwn(table, value.type)) return { unknown: value.type };
  const schema = table[value.type];
  const result = schema?.safeParse(value);
  if (result?.success) return { frame: result.data as Frame };
  const fields = fieldsOf(result?.error.issues ?? []);
  return { ...problem("frame.invalid", fields), ...id, type: value.type };
}

/** Reads a frame an end sent. Never throws; what it answers never holds the input. */
export function parseToBroker(text: string): Parsed<ToBroker> {
  return parse(toBroker, text);
}

/** Reads a frame the broker sent. */
export function parseFromBroker(text: string): Parsed<FromBroker> {
  return parse(fromBroker, text);
}
