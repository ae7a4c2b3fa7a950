/**
 * The events that API Gateway hands to the handlers of a WebSocket API, and the answers that it takes.
 * docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html and
 * apigateway-websocket-api-mapping-template-reference.html
 */

export type Query = {
  queryStringParameters?: Record<string, string>;
  multiValueQueryStringParameters?: Record<string, string[]>;
};

export type Headers = {
  headers: Record<string, string>;
  multiValueHeaders: Record<string, string[]>;
};

/** The authorizer's context, flat. API Gateway makes numbers and booleans into text, and adds two fields of its own. */
export type AuthorizerContext = { principalId: string; integrationLatency: number } & Record<string, string | number>;

export type RequestContext = {
  stage: string;
  apiId: string;
  domainName: string;
  connectionId: string;
  /** Epoch milliseconds, as `requestTimeEpoch`. */
  connectedAt: number;
  requestTimeEpoch: number;
  /** As access logs write it: 19/Feb/2024:07:11:42 +0000. */
  requestTime: string;
  requestId: string;
  extendedRequestId: string;
  messageDirection: "IN";
  identity: { sourceIp: string; userAgent?: string };
};

export type ConnectContext = RequestContext & { routeKey: "$connect"; eventType: "CONNECT" };

export type AuthorizerEvent = Headers &
  Query & {
    type: "REQUEST";
    methodArn: string;
    stageVariables: Record<string, string>;
    requestContext: ConnectContext;
  };

export type Statement = { Effect: string; Action: string | string[]; Resource: string | string[] };

export type AuthorizerResult = {
  principalId: string;
  policyDocument: { Version: string; Statement: Statement[] };
  context?: Record<string, string | number | boolean>;
};

type Authorized<Context> = Context & { authorizer: AuthorizerContext };

export type ConnectEvent = Headers & Query & { requestContext: Authorized<ConnectContext>; isBase64Encoded: false };

export type DefaultEvent = {
  requestContext: Authorized<RequestContext & { routeKey: "$default"; eventType: "MESSAGE"; messageId: string }>;
  body: string;
  isBase64Encoded: boolean;
};

export type DisconnectEvent = Headers & {
  requestContext: Authorized<
    RequestContext & { routeKey: "$disconnect"; eventType: "DISCONNECT"; disconnectStatusCode: number; disconnectReason: string }
  >;
  isBase64Encoded: false;
};

export type ProxyResult = { statusCode: number; headers?: Record<string, string>; body?: string };

/** The Lambdas. What `$default` and `$disconnect` return is not looked at: the routes have no route response. */
export type Handlers = {
  authorizer(event: AuthorizerEvent): Promise<AuthorizerResult>;
  connect(event: ConnectEvent): Promise<ProxyResult>;
  default(event: DefaultEvent): Promise<unknown>;
  disconnect(event: DisconnectEvent): Promise<unknown>;
};

export type Route = "authorizer" | "$connect" | "$default" | "$disconnect";
