import type { AuthorizerEvent } from "./event.ts";

/**
 * Whether a handshake has what an authorizer is to identify it by; without it the authorizer is not asked. Headers are told apart by the
 * case of their names: docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
 */
export function identified(source: string, { headers, queryStringParameters, requestContext }: AuthorizerEvent): boolean {
  const [, from = "", name = ""] = /^(route\.request\.header|route\.request\.querystring|context)\.(.+)$/.exec(source) ?? [];
  const fields = { "route.request.header": headers, "route.request.querystring": queryStringParameters, context: requestContext };
  const found: object = fields[from as keyof typeof fields] ?? {};
  return Object.hasOwn(found, name) && found[name as keyof typeof found] !== "";
}
