import { unreachable } from "../api/failure.ts";
import { Button } from "../component/button.tsx";

/** Before anything is known of the service. */
export function Unreachable({ retry }: { retry: () => void }) {
  return (
    <main className="welcome">
      <h1>Tether cannot be reached</h1>
      <div className="note" data-tone="bad" role="alert">
        <strong>{unreachable.says}</strong>
        <p>Look at the network, and whether the service runs.</p>
      </div>
      <Button kind="main" onClick={retry}>
        Try again
      </Button>
    </main>
  );
}
