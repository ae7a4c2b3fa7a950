import type { Button as Declared } from "@tether/sdk/client";
import { Button } from "../component/button.tsx";
import { titleOf } from "./axes.ts";
import { type Press, useButtonKeys } from "./input/use-button-keys.ts";

type Props = {
  readonly buttons: readonly Declared[];
  readonly press: Press | undefined;
  readonly canDrive: boolean;
};

/** The buttons that the robot declared. Each is held for as long as a finger, a key or a gamepad's button holds it. */
export function RobotButtons({ buttons, press, canDrive }: Props) {
  const hold = useButtonKeys(buttons, canDrive ? press : undefined);
  return (
    <fieldset className="row robot-buttons">
      <legend className="hidden">What the robot can do</legend>
      {buttons.map((button, at) => (
        <Button
          key={button.name}
          size="small"
          disabled={!canDrive}
          aria-keyshortcuts={at < 9 ? String(at + 1) : undefined}
          onPointerDown={({ button: which, currentTarget, pointerId }) => {
            if (which !== 0) return;
            currentTarget.setPointerCapture(pointerId);
            hold.begin(`pointer ${pointerId}`, button.name);
          }}
          onPointerUp={({ pointerId }) => hold.end(`pointer ${pointerId}`)}
          onPointerCancel={({ pointerId }) => hold.end(`pointer ${pointerId}`)}
          onLostPointerCapture={({ pointerId }) => hold.end(`pointer ${pointerId}`)}
          onContextMenu={(event) => event.preventDefault()}
          // A click of a keyboard or a screen reader has no pointer: it is a short press.
          onClick={({ detail }) => {
            if (detail > 0) return;
            hold.begin("click", button.name);
            hold.end("click");
          }}
        >
          {titleOf(button)}
          {at < 9 && <span className="quiet with-keys"> {at + 1}</span>}
        </Button>
      ))}
    </fieldset>
  );
}
