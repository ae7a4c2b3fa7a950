import type { TelemetryField } from "@tether/sdk/client";
import * as z from "zod/mini";
import { titleOf } from "./axes.ts";

export type Row = { readonly name: string; readonly value: string };

/** The values that the reference robot reports, in metres and radians; others are shown as they come. */
const Pose = z.object({ x: z.number(), y: z.number(), heading: z.number() });
const Velocity = z.object({ linear: z.number(), angular: z.number() });

/** At most this many values are shown, so that the list of a robot that reports everything stays readable. */
const most = { rows: 16, letters: 48 } as const;

const metres = (value: number) => `${value.toFixed(2)} m`;
const signed = (value: number) => value.toFixed(2).replace(/^-0\.00$/, "0.00");

function poseRows({ x, y, heading }: z.infer<typeof Pose>): Row[] {
  const degrees = Math.round((heading * 180) / Math.PI);
  return [
    { name: "Place", value: `${metres(x)}, ${metres(y)}` },
    { name: "Heading", value: `${degrees}°` },
  ];
}

function velocityRows({ linear, angular }: z.infer<typeof Velocity>): Row[] {
  return [
    { name: "Speed", value: `${signed(linear)} m/s` },
    { name: "Turning", value: `${signed(angular)} rad/s` },
  ];
}

/** Any value as rows to read: an object's fields, and those of the objects in it. */
export function rowsOf(telemetry: unknown): Row[] {
  if (typeof telemetry !== "object" || telemetry === null || Array.isArray(telemetry)) return [{ name: "Value", value: textOf(telemetry) }];
  const rows = Object.entries(telemetry).flatMap(([name, value]): Row[] => {
    const pose = name === "pose" ? Pose.safeParse(value) : undefined;
    if (pose?.success) return poseRows(pose.data);
    const velocity = name === "velocity" ? Velocity.safeParse(value) : undefined;
    if (velocity?.success) return velocityRows(velocity.data);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return [{ name: titled(name), value: textOf(value) }];
    return Object.entries(value).map(([inner, one]) => ({ name: `${titled(name)} ${inner}`, value: textOf(one) }));
  });
  return rows.slice(0, most.rows);
}

/** The fields that the robot declared, in its order and units; one that is missing is shown as such. */
export function declaredRows(telemetry: unknown, fields: readonly TelemetryField[]): Row[] {
  return fields.map((field) => {
    const value = valueAt(telemetry, field.name);
    return {
      name: titleOf(field),
      value: value === undefined || field.unit === undefined ? textOf(value) : `${textOf(value)} ${field.unit}`,
    };
  });
}

/** The value of that name, or at the end of the way that it names. */
export function valueAt(telemetry: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((inner, name) => {
    const isWay = typeof inner === "object" && inner !== null && Object.hasOwn(inner, name);
    return isWay ? (inner as Readonly<Record<string, unknown>>)[name] : undefined;
  }, telemetry);
}

function titled(name: string): string {
  const words = name.replaceAll("_", " ").replace(/([a-z])([A-Z])/g, "$1 $2");
  return cut(words.charAt(0).toUpperCase() + words.slice(1).toLowerCase());
}

function textOf(value: unknown): string {
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : value.toFixed(2);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return cut(value);
  if (Array.isArray(value)) return `${value.length} values`;
  return value === null || value === undefined ? "–" : "…";
}

function cut(text: string): string {
  return text.length > most.letters ? `${text.slice(0, most.letters - 1)}…` : text;
}
