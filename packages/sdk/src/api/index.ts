export type { ProblemDetails } from "@tether/protocol/problem";
export { routes } from "@tether/protocol/route";
export type { AnswerOf, BodyOf, ParamsOf, QueryOf, Route, Security } from "@tether/protocol/route/route";
export type { Answered, Asked, Failure } from "./ask.ts";
export { type Api, type ApiOptions, createApi, type ItemOf, type ListRoute, type Until } from "./client.ts";
