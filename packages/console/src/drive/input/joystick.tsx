import { type PointerEvent, useEffect, useRef, useSyncExternalStore } from "react";
import { axesOf } from "./input.ts";
import type { State } from "./machine.ts";
import type { Steering } from "./steering.ts";
import { dialOf, type Stick } from "./stick.ts";

/** The marks of the ways that it can be pushed. */
const ways = { straight: "M0-.9l.09.13h-.18zM0 .9l.09-.13h-.18z", aside: "M-.9 0l.13.09v-.18zM.9 0l-.13.09v-.18z" } as const;

/** The thumb's reach, as a share of the dial's radius. */
const reach = 0.62;

type Props = {
  readonly steering: Pick<Steering, "state" | "subscribe" | "tell">;
  readonly wake: () => void;
  /** The number of the joystick among the robot's, from 0. */
  readonly dial: number;
  /** The joystick has one axis: to the side it does nothing. */
  readonly isStraight: boolean;
};

/**
 * A stick for a finger or a mouse. Its thumb shows what is sent, whatever one steers with. Our own and not nipplejs 1.0.4: that one
 * captures no pointer and looks at no button, so where the release gets lost, as to a menu that a right click opens, it drives on; and
 * it measures where its centre is only when it is resized.
 */
export function Joystick({ steering, wake, dial, isStraight }: Props) {
  const pointer = useRef<number>(undefined);
  const state = useSyncExternalStore(steering.subscribe, steering.state);
  const held = state.state === "driving" ? state.hands.joysticks.find((stick) => dialOf(stick) === dial) : undefined;
  const thumb = thumbOf(state, held, dial);
  const stickOf = (event: PointerEvent): Stick => {
    const stick = stickAt(event);
    return { x: isStraight ? 0 : stick.x, y: stick.y, dial };
  };

  const release = () => {
    pointer.current = undefined;
    steering.tell({ type: "released", dial });
  };
  useEffect(() => () => steering.tell({ type: "released", dial }), [steering, dial]);

  const isIts = ({ pointerId }: PointerEvent) => pointerId === pointer.current;
  return (
    <svg
      className="joystick"
      data-dial={dial}
      viewBox="-1 -1 2 2"
      aria-hidden="true"
      data-state={held ? "held" : state.state}
      onPointerDown={(event) => {
        wake();
        // A second finger on the same joystick is none.
        if (event.button !== 0 || pointer.current !== undefined) return;
        pointer.current = event.pointerId;
        event.currentTarget.setPointerCapture(event.pointerId);
        steering.tell({ type: "taken", stick: stickOf(event) });
      }}
      onPointerMove={(event) => {
        if (!isIts(event)) return;
        // A release that got lost.
        if ((event.buttons & 1) === 0) release();
        else steering.tell({ type: "moved", stick: stickOf(event) });
      }}
      onPointerUp={(event) => isIts(event) && release()}
      onPointerCancel={(event) => isIts(event) && release()}
      onLostPointerCapture={(event) => isIts(event) && release()}
      onContextMenu={(event) => event.preventDefault()}
    >
      <circle className="dial" r="0.97" />
      <path className="way" d={isStraight ? ways.straight : `${ways.straight}${ways.aside}`} />
      <circle className="thumb" r="0.34" cx={thumb.x * reach} cy={-thumb.y * reach} />
    </svg>
  );
}

/** The pointer's offset from the middle of the stick, measured anew each time, since pages move. */
function stickAt({ currentTarget, clientX, clientY }: PointerEvent): Stick {
  const { left, top, width, height } = currentTarget.getBoundingClientRect();
  const [halfWidth, halfHeight] = [width / 2, height / 2];
  return { x: (clientX - left - halfWidth) / (halfWidth * reach), y: -(clientY - top - halfHeight) / (halfHeight * reach) };
}

function thumbOf(state: State, held: Stick | undefined, dial: number): Stick {
  if (state.state !== "driving") return { x: 0, y: 0 };
  const [ahead = 0, left = 0] = axesOf(state.intent).slice(2 * dial);
  const stick = held ?? { x: -left, y: ahead };
  const beyond = Math.max(1, Math.hypot(stick.x, stick.y));
  return { x: stick.x / beyond, y: stick.y / beyond };
}
