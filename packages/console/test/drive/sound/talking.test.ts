import { createVirtualClock } from "@tether/local/clock/virtual";
import { expect, test } from "vitest";
import { createTalking, type TalkState } from "../../../src/drive/sound/talking.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A person whose microphone the test gives or refuses, and what is sent over each peer connection. */
function person() {
  const clock = createVirtualClock({ startAt: 0, idle: async () => {} });
  const states: TalkState[] = [];
  const asked: PromiseWithResolvers<MediaStreamTrack>[] = [];
  const made: object[] = [];
  const sent: (boolean | undefined)[] = [];
  const talking = createTalking({
    clock,
    askForMicrophone() {
      const asking = Promise.withResolvers<MediaStreamTrack>();
      asked.push(asking);
      return asking.promise;
    },
    onState: (state) => states.push(state),
  });
  /** A peer connection whose robot agrees to the offered place when the test says so. */
  const connection = () => {
    const places: { currentDirection: string | null }[] = [];
    const heard = new EventTarget();
    const pc = Object.assign(heard, {
      addTransceiver(kind: string, init: RTCRtpTransceiverInit) {
        made.push([kind, init.direction]);
        const sender = {
          replaceTrack: async (track: MediaStreamTrack | null) => {
            sent.push(track?.enabled);
          },
        };
        const place = { sender, currentDirection: null };
        places.push(place);
        return place;
      },
    }) as unknown as RTCPeerConnection;
    const agree = () => {
      for (const place of places) place.currentDirection = "sendonly";
      heard.dispatchEvent(new Event("signalingstatechange"));
    };
    return { pc, agree };
  };
  const microphone = () => {
    const track = Object.assign(new EventTarget(), {
      enabled: true,
      readyState: "live",
      stop: () => Object.assign(track, { readyState: "ended" }),
    });
    return track as unknown as MediaStreamTrack;
  };
  /** Somebody who talks over a connection, whose microphone was given. */
  const begin = async () => {
    const { pc, agree } = connection();
    talking.meet(pc);
    talking.talk(true);
    const track = microphone();
    asked.at(-1)?.resolve(track);
    await turn();
    return { track, agree };
  };
  return { clock, talking, states, asked, made, sent, connection, microphone, begin };
}

test("the microphone and a place in the connection are asked for at the first word, once, and nothing is sent after it [V8]", async () => {
  const { talking, states, asked, made, sent, connection, microphone } = person();
  talking.meet(connection().pc);
  expect([asked.length, made]).toEqual([0, []]);
  talking.talk(true);
  const track = microphone();
  asked[0]?.resolve(track);
  await turn();
  expect([made, sent, track.enabled]).toEqual([[["audio", "sendonly"]], [true], true]);
  talking.talk(false);
  expect([sent, track.enabled]).toEqual([[true, undefined], false]);
  talking.talk(true);
  expect([asked.length, made.length, sent, states]).toEqual([1, 1, [true, undefined, true], ["asking", "starting", "off", "starting"]]);
});

test("who let go before the browser gave the microphone is not heard", async () => {
  const { talking, states, asked, made, sent, connection, microphone } = person();
  talking.meet(connection().pc);
  talking.talk(true);
  talking.talk(false);
  asked[0]?.resolve(microphone());
  await turn();
  expect([made, sent, states]).toEqual([[], [], ["asking", "off"]]);
});

test("a microphone that is refused is told, and asked for again at the next word", async () => {
  const { talking, states, asked, connection, microphone } = person();
  talking.meet(connection().pc);
  talking.talk(true);
  asked[0]?.reject(new DOMException("No.", "NotAllowedError"));
  await turn();
  talking.talk(false);
  talking.talk(true);
  asked[1]?.resolve(microphone());
  await turn();
  expect(states).toEqual(["asking", "refused", "asking", "starting"]);
});

test("a voice goes on over the next connection, and its microphone ends with the page", async () => {
  const { talking, asked, made, sent, connection, microphone } = person();
  talking.meet(connection().pc);
  talking.talk(true);
  const track = microphone();
  asked[0]?.resolve(track);
  await turn();
  talking.meet(connection().pc);
  expect([made.length, sent]).toEqual([2, [true, true]]);
  talking.hide(true);
  expect([sent.at(-1), track.readyState]).toEqual([undefined, "ended"]);
});

test("one is on once the robot agreed to be talked to, and anew over the next connection", async () => {
  const { talking, states, connection, begin } = person();
  const { agree } = await begin();
  agree();
  const next = connection();
  talking.meet(undefined);
  talking.meet(next.pc);
  agree();
  next.agree();
  expect(states.filter((state, at) => state !== states[at - 1])).toEqual(["asking", "starting", "on", "starting", "on"]);
});

test("a microphone that is not used for half a minute is closed, and asked for anew", async () => {
  const { clock, talking, asked, begin } = person();
  const { track } = await begin();
  await clock.advance(60_000);
  talking.talk(false);
  await clock.advance(29_999);
  expect(track.readyState).toBe("live");
  await clock.advance(1);
  expect(track.readyState).toBe("ended");
  talking.talk(true);
  expect(asked).toHaveLength(2);
});

test("a page that is hidden closes the microphone, also one that is given then", async () => {
  const { talking, states, asked, sent, microphone, begin } = person();
  const { track } = await begin();
  talking.hide(true);
  expect([track.readyState, sent.at(-1), states.at(-1)]).toEqual(["ended", undefined, "off"]);
  talking.hide(false);
  talking.talk(true);
  talking.hide(true);
  const late = microphone();
  asked[1]?.resolve(late);
  await turn();
  expect([late.readyState, states.at(-1)]).toEqual(["ended", "off"]);
});

test("a microphone that ends by itself is told where it is used, and asked for at the next word", async () => {
  const { talking, states, asked, begin } = person();
  const { track, agree } = await begin();
  agree();
  track.dispatchEvent(new Event("ended"));
  expect(states.at(-1)).toBe("gone");
  talking.talk(false);
  talking.talk(true);
  expect([asked.length, states.at(-1)]).toEqual([2, "asking"]);
});

test.each([
  ["NotAllowedError", "refused"],
  ["NotFoundError", "missing"],
  ["NotReadableError", "failed"],
])("a browser that answers %s gives no microphone, which is told as %s", async (name, state) => {
  const { talking, states, asked } = person();
  talking.talk(true);
  asked[0]?.reject(new DOMException("No.", name));
  await turn();
  expect(states).toEqual(["asking", state]);
});
