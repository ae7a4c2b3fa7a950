import * as z from "zod/mini";

type Forgiving<Schema extends z.core.SomeType> = z.ZodMiniCatch<z.ZodMiniOptional<Schema>>;

/**
 * A field that is left out where it cannot be read. It is what `z.catch` makes, which takes 9 KB of zod's along into every page with a
 * client, and its constructor does not know of which schema it is.
 */
export function forgiving<Schema extends z.core.SomeType>(schema: Schema): Forgiving<Schema> {
  return new z.ZodMiniCatch({ type: "catch", innerType: z.optional(schema), catchValue: () => undefined }) as Forgiving<Schema>;
}
