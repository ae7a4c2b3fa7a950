import { useEffect, useRef, useState } from "react";
import { Button } from "../../component/button.tsx";
import { initialSnapshot, type Snapshot } from "../snapshot.ts";
import { type Alarm, alarmsBetween, titleOf } from "./alarm.ts";
import { notify, permission } from "./notify.ts";
import { createSound } from "./sound.ts";

const key = "tether.silent";

/**
 * Calls whoever looks elsewhere: a sound, the tab's title and, where that was allowed, a notification, when someone asks for control or
 * presses STOP, or the robot does not answer any more.
 */
export function Alarms({ snapshot, name }: { snapshot: Snapshot; name: string }) {
  const before = useRef<Snapshot>(initialSnapshot);
  const sound = useRef<ReturnType<typeof createSound>>(undefined);
  const [isSilent, setSilent] = useState(() => localStorage.getItem(key) !== null);
  const [allowed, setAllowed] = useState(permission);
  const [last, setLast] = useState<Alarm>();

  useEffect(() => {
    sound.current = createSound();
    return () => sound.current?.end();
  }, []);

  useEffect(() => {
    const alarms = alarmsBetween(before.current, snapshot, name);
    before.current = snapshot;
    const [first] = alarms;
    if (!first) return;
    setLast(first);
    if (!isSilent) sound.current?.play(first);
    for (const { says, type } of alarms) notify(says, `tether.${type}.${name}`);
  }, [snapshot, name, isSilent]);

  const title = titleOf(snapshot);
  useEffect(() => {
    if (title === undefined) return undefined;
    const own = document.title;
    document.title = `❗ ${title} · ${own}`;
    return () => {
      document.title = own;
    };
  }, [title]);

  const turn = () => {
    if (isSilent) localStorage.removeItem(key);
    else localStorage.setItem(key, "");
    setSilent(!isSilent);
  };
  return (
    <section className="row alarms" aria-label="Alarms">
      <p className="hidden" role="alert">
        {last?.says}
      </p>
      <Button size="small" aria-pressed={!isSilent} onClick={turn}>
        Alarm sounds
      </Button>
      {allowed === "default" && (
        <Button size="small" onClick={() => void Notification.requestPermission().then(setAllowed)}>
          Notify me too
        </Button>
      )}
    </section>
  );
}
