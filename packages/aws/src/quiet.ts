/** Takes the SDK's log off a client: it copies all that is sent and all that comes back, for a logger that nobody gave it. */
export function quiet<Client extends { middlewareStack: { remove(name: string): boolean } }>(client: Client): Client {
  client.middlewareStack.remove("loggerMiddleware");
  return client;
}
