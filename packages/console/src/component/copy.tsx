import { useEffect, useState } from "react";
import { useServices } from "../services.ts";
import { Button } from "./button.tsx";

/** Copies a text, which may be made only then, and says whether it did. */
export function Copy({ text, label }: { text: string | (() => string); label: string }) {
  const { clock } = useServices().platform;
  const [said, setSaid] = useState<string>();
  useEffect(() => (said === undefined ? undefined : clock.after(2_000, () => setSaid(undefined))), [said, clock]);
  const copy = () =>
    navigator.clipboard.writeText(typeof text === "string" ? text : text()).then(
      () => setSaid("Copied"),
      () => setSaid("Select and copy it by hand"),
    );
  return (
    <>
      <Button size="small" onClick={() => void copy()}>
        {said ?? label}
      </Button>
      <span className="hidden" role="status">
        {said}
      </span>
    </>
  );
}
