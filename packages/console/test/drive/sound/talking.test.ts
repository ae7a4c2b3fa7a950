import { expect, test } from "vitest";
import { createTalking, type TalkState } from "../../../src/drive/sound/talking.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A person whose microphone the test gives or refuses, and what is sent over each peer connection. */
function person() {
  const states: TalkState[] = [];
  const asked: PromiseWithResolvers<MediaStreamTrack>[] = [];
  const made: object[] = [];
  const sent: (boolean | undefined)[] = [];
  const talking = createTalking({
    askForMicrophone() {
      const asking = Promise.withResolvers<MediaStreamTrack>();
      asked.push(asking);
      return asking.promise;
    },
    onState: (state) => states.push(state),
  });
  const connection = () =>
    ({
      addTransceiver(kind: string, init: RTCRtpTransceiverInit) {
        made.push([kind, init.direction]);
        return {
          sender: {
            replaceTrack: async (track: MediaStreamTrack | null) => {
              sent.push(track?.enabled);
            },
          },
        };
      },
    }) as unknown as RTCPeerConnection;
  const microphone = () => {
    const track = { enabled: true, readyState: "live", stop: () => Object.assign(track, { readyState: "ended" }) };
    return track as unknown as MediaStreamTrack;
  };
  return { talking, states, asked, made, sent, connection, microphone };
}

test("the microphone and a place in the connection are asked for at the first word, once, and nothing is sent after it [V8]", async () => {
  const { talking, states, asked, made, sent, connection, microphone } = person();
  talking.meet(connection());
  expect([asked.length, made]).toEqual([0, []]);
  talking.talk(true);
  const track = microphone();
  asked[0]?.resolve(track);
  await turn();
  expect([made, sent, track.enabled]).toEqual([[["audio", "sendonly"]], [true], true]);
  talking.talk(false);
  expect([sent, track.enabled]).toEqual([[true, undefined], false]);
  talking.talk(true);
  expect([asked.length, made.length, sent, states]).toEqual([1, 1, [true, undefined, true], ["asking", "on", "off", "on"]]);
});

test("who let go before the browser gave the microphone is not heard", async () => {
  const { talking, states, asked, made, sent, connection, microphone } = person();
  talking.meet(connection());
  talking.talk(true);
  talking.talk(false);
  asked[0]?.resolve(microphone());
  await turn();
  expect([made, sent, states]).toEqual([[], [], ["asking", "off"]]);
});

test("a microphone that is refused is told, and asked for again at the next word", async () => {
  const { talking, states, asked, connection, microphone } = person();
  talking.meet(connection());
  talking.talk(true);
  asked[0]?.reject(new DOMException("No.", "NotAllowedError"));
  await turn();
  talking.talk(false);
  talking.talk(true);
  asked[1]?.resolve(microphone());
  await turn();
  expect(states).toEqual(["asking", "refused", "asking", "on"]);
});

test("a voice goes on over the next connection, and its microphone ends with the page", async () => {
  const { talking, asked, made, sent, connection, microphone } = person();
  talking.meet(connection());
  talking.talk(true);
  const track = microphone();
  asked[0]?.resolve(track);
  await turn();
  talking.meet(connection());
  expect([made.length, sent]).toEqual([2, [true, true]]);
  talking.close();
  expect([sent.at(-1), track.readyState]).toEqual([undefined, "ended"]);
});
