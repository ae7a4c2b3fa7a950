import type { FromBroker } from "@tether/protocol/frame";
import type { Bye } from "@tether/protocol/frame/bye";
import type { PeerAway, PeerEnded } from "@tether/protocol/frame/peer";

/** A frame that says that something is over, as an end got it. */
export type Word = { readonly to: string; readonly frame: Bye | PeerAway | PeerEnded };

/** A numbered signal between two SDKs; an end's name is one instance's alone. */
type Sent = { readonly from: string; readonly to: string; readonly n: number };
export type Got = { readonly from: string; readonly by: string; readonly n: number };

/** All that the ends of a run saw and did, which no part of the product can have touched. */
export function createWitness() {
  const words: Word[] = [];
  const [sent, dropped]: [Sent[], Sent[]] = [[], []];
  const got: Got[] = [];
  const done: Record<string, number> = {};
  return {
    words,
    sent,
    dropped,
    got,
    /** How often each action was taken. */
    done,
    heard: (to: string) => (frame: FromBroker) => {
      if (frame.type === "bye" || frame.type === "peer.away" || frame.type === "peer.ended") words.push({ to, frame });
    },
  };
}

export type Witness = ReturnType<typeof createWitness>;
