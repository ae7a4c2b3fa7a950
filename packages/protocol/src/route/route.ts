import type * as z from "zod/mini";

/**
 * The proof that a route asks for. `user`: an OIDC token of the user in the header `authorization`. `key`: a robot's key signs the body. `either`: one
 * of them. `none`: anyone may ask.
 */
export type Security = "user" | "key" | "either" | "none";

/** A route of the HTTP API, whose facts its implementation, its description and its clients share. */
export type Route = {
  /** The name of the operation, the same in every language. */
  readonly id: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** The path, with its parameters in braces. */
  readonly path: `/v1/${string}`;
  readonly summary: string;
  readonly security: Security;
  /** Takes the header `idempotency-key`, so that the same request may be sent again. */
  readonly idempotent?: true;
  readonly params?: z.ZodMiniType;
  readonly query?: z.ZodMiniType;
  readonly body?: z.ZodMiniType;
  /** The status of success; without an answer it is 204. */
  readonly status?: 200 | 201;
  readonly answer?: z.ZodMiniType;
};

type Sent<Of, Name extends string> = Of extends { readonly [_ in Name]: infer Schema extends z.ZodMiniType } ? z.input<Schema> : never;
type NameIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | NameIn<Rest> : never;

/** The parameters of a route's path; `never` where it has none. An id may be any text: the service says what it takes. */
export type ParamsOf<Of extends Route> = [NameIn<Of["path"]>] extends [never] ? never : { readonly [Name in NameIn<Of["path"]>]: string };

/** The query of a route; `never` where it has none. */
export type QueryOf<Of extends Route> = Sent<Of, "query">;

/** A route's body; `never` where it has none. */
export type BodyOf<Of extends Route> = Sent<Of, "body">;

/** The answer of a route: undefined where it only says that it is done. */
export type AnswerOf<Of extends Route> = Of extends { readonly answer: infer Schema extends z.ZodMiniType } ? z.output<Schema> : undefined;
