import { createServer, type IncomingMessage } from "node:http";

/** As much of AWS as SST's CLI asks for itself: its bootstrap parameter, a passphrase, and S3, which is a map. */
export async function startAws(): Promise<{ url: string; stop(): void }> {
  const objects = new Map<string, Buffer>();
  const bootstrap = {
    version: 1000,
    asset: "sst-asset",
    state: "sst-state",
    assetEcrRegistryId: "",
    assetEcrUrl: "",
    appsyncHttp: "",
    appsyncRealtime: "",
  };

  const server = createServer(async (request, response) => {
    const body = await read(request);
    const key = new URL(request.url ?? "/", "http://aws").pathname;
    if (request.headers["x-amz-target"] === "AmazonSSM.GetParameter") {
      const { Name }: { Name: string } = JSON.parse(body.toString());
      const Value = Name === "/sst/bootstrap" ? JSON.stringify(bootstrap) : Buffer.alloc(32, 7).toString("base64");
      response.end(JSON.stringify({ Parameter: { Name, Type: "String", Value } }));
    } else if (request.method === "PUT") {
      objects.set(key, body);
      response.end();
    } else if (request.method === "DELETE") {
      objects.delete(key);
      response.writeHead(204).end();
    } else if (objects.has(key)) response.end(objects.get(key));
    else response.writeHead(404, { "content-type": "text/xml" }).end("<Error><Code>NoSuchKey</Code></Error>");
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("The stand-in for AWS has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
