import { CustomAttributeType } from "electrodb";

/** The service's name in every key, and the names of the indexes; `infra/` builds the table from these. */
export const service = "tether";
export const indexes = { byUser: "gsi1", due: "gsi2", presence: "gsi3" } as const;

/** Ids, key thumbprints and subjects are case-sensitive: keys keep their case. */
export function key<const Name extends string, const Composite extends readonly string[]>(field: Name, composite: Composite) {
  return { field, composite, casing: "none" } as const;
}

export const required = { string: { type: "string", required: true }, number: { type: "number", required: true } } as const;

/** A nested value that only this service reads and writes. */
export function value<T extends object>() {
  // ElectroDB picks the type's name by a conditional type, which stays open while T is.
  return { type: CustomAttributeType<T>("any" as never), required: false } as const;
}

export function requiredValue<T extends object>() {
  return { ...value<T>(), required: true } as const;
}
