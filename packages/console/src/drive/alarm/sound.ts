import type { Alarm } from "./alarm.ts";

/** Tones one after the other: hertz, and when each begins, in seconds. Told apart without looking. */
const melodies: Readonly<Record<Alarm["type"], readonly (readonly [hertz: number, at: number])[]>> = {
  request: [
    [660, 0],
    [880, 0.18],
  ],
  stop: [
    [440, 0],
    [440, 0.22],
    [440, 0.44],
  ],
  lost: [
    [660, 0],
    [520, 0.18],
    [390, 0.36],
  ],
};

const lengthSeconds = 0.14;
const volume = 0.25;

/** Plays alarms. Browsers are silent until someone has touched the page; nobody asks for control of one that was not. */
export function createSound(): { play(alarm: Alarm): void; end(): void } {
  let context: AudioContext | undefined;

  function tone(output: AudioContext, hertz: number, at: number): void {
    const [oscillator, gain] = [output.createOscillator(), output.createGain()];
    oscillator.frequency.value = hertz;
    // A tone that begins or ends all at once clicks.
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(volume, at + 0.02);
    gain.gain.setValueAtTime(volume, at + lengthSeconds - 0.03);
    gain.gain.linearRampToValueAtTime(0, at + lengthSeconds);
    oscillator.connect(gain).connect(output.destination);
    oscillator.start(at);
    oscillator.stop(at + lengthSeconds);
  }

  return {
    play({ type }) {
      try {
        context ??= new AudioContext();
        const output = context;
        const begin = () => {
          for (const [hertz, at] of melodies[type]) tone(output, hertz, output.currentTime + at);
        };
        if (output.state === "running") begin();
        // A refusal leaves what is seen: the page's own words, the title, the notification.
        else output.resume().then(begin, () => {});
      } catch {
        // A machine without any sound.
      }
    },
    end: () => void context?.close().catch(() => {}),
  };
}
