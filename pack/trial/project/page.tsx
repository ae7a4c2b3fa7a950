import { attach } from "@tether/sdk/client";
import { useSession } from "@tether/sdk/react";
import { useCallback } from "react";
import { createRoot } from "react-dom/client";

type Settings = { readonly api: string; readonly robot: string; readonly token: string };
declare const settings: Settings;

function Page({ api, robot, token }: Settings) {
  const open = useCallback(() => attach({ api, robot, token: async () => token }), [api, robot, token]);
  const view = useSession(open);
  return <p id="status">{view ? `${view.status} ${view.peers.length}` : "closed"}</p>;
}

createRoot(document.body.appendChild(document.createElement("div"))).render(<Page {...settings} />);
