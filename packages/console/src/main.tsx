import { platform } from "@tether/sdk/platform";
import { createRoot } from "react-dom/client";
import { openApi } from "./api/api.ts";
import { App } from "./app.tsx";
import { loadConfig } from "./config.ts";
import { show } from "./route/location.ts";
import { ServicesContext } from "./services.ts";
import { createIdentity } from "./sign-in/identity.ts";
import { Unreachable } from "./sign-in/unreachable.tsx";

const root = createRoot(document.getElementById("root") ?? document.body);

async function start(): Promise<void> {
  const { clock, fetch } = platform;
  const config = await loadConfig((url) => fetch(url, { cache: "no-store" }));
  if (!config) return root.render(<Unreachable retry={() => void start()} />);
  const identity = await createIdentity({ config: config.identity, clock, home: `${location.origin}/`, show });
  const api = openApi({ fetch, origin: config.api, token: identity.token });
  root.render(
    <ServicesContext value={{ platform, config, identity, api }}>
      <App />
    </ServicesContext>,
  );
}

void start();
