/** The reports of a browser on a video that has run for `seconds`; times and counts as it has them. */
type Video = { seconds: number; bytes: number; packets: number; lost: number; frames: number };

type Stat = Record<string, unknown>;

/** As Chromium shapes its reports; of what nobody reads only some is here. */
export function chromium({ seconds, bytes, packets, lost, frames }: Video, differs: Record<string, Stat> = {}): Stat[] {
  const timestamp = 1_795_567_939_578.337 + seconds * 1_000;
  const stats: Stat[] = [
    { id: "CFBA", timestamp, type: "certificate", fingerprintAlgorithm: "sha-256" },
    { id: "CIT01_96", timestamp, type: "codec", clockRate: 90_000, mimeType: "video/VP8", payloadType: 96 },
    {
      id: "CP1",
      timestamp,
      type: "candidate-pair",
      currentRoundTripTime: 0.056,
      localCandidateId: "I1",
      nominated: true,
      remoteCandidateId: "I2",
      state: "succeeded",
      bytesReceived: bytes + 9_000,
    },
    { id: "I1", timestamp, type: "local-candidate", candidateType: "host", protocol: "udp", address: "", port: 44_923 },
    { id: "I2", timestamp, type: "remote-candidate", candidateType: "srflx", protocol: "udp", address: "", port: 56_562 },
    {
      id: "IT01V1",
      timestamp,
      type: "inbound-rtp",
      codecId: "CIT01_96",
      kind: "video",
      jitter: 0.003,
      packetsLost: lost,
      packetsReceived: packets,
      bytesReceived: bytes,
      frameHeight: 480,
      frameWidth: 640,
      framesDecoded: frames,
      jitterBufferDelay: frames * 0.045,
      jitterBufferEmittedCount: frames,
      framesPerSecond: 27,
    },
    { id: "IT01A2", timestamp, type: "inbound-rtp", kind: "audio", bytesReceived: 9_000_000, packetsReceived: 9_000, packetsLost: 0 },
    { id: "T01", timestamp, type: "transport", dtlsState: "connected", selectedCandidatePairId: "CP1" },
  ];
  return stats.map((stat) => ({ ...stat, ...differs[String(stat.id)] }));
}

/** As Firefox does: no transport, the pair in use is marked, and neither its round trip nor the codec is reported. */
export function firefox({ seconds, bytes, packets, lost, frames }: Video): Stat[] {
  const timestamp = 1_795_567_939_578 + seconds * 1_000;
  return [
    {
      id: "pbfs",
      timestamp,
      type: "candidate-pair",
      nominated: false,
      selected: false,
      state: "failed",
      localCandidateId: "a",
      remoteCandidateId: "b",
    },
    {
      id: "lKxs",
      timestamp,
      type: "candidate-pair",
      nominated: true,
      selected: true,
      state: "succeeded",
      localCandidateId: "c",
      remoteCandidateId: "b",
    },
    { id: "a", timestamp, type: "local-candidate", candidateType: "host", protocol: "udp" },
    { id: "b", timestamp, type: "remote-candidate", candidateType: "host", protocol: "udp" },
    { id: "c", timestamp, type: "local-candidate", candidateType: "relay", protocol: "udp", relayProtocol: "tls" },
    {
      id: "inbound",
      timestamp,
      type: "inbound-rtp",
      kind: "video",
      bytesReceived: bytes,
      packetsReceived: packets,
      packetsLost: lost,
      framesDecoded: frames,
      jitter: 0.004,
    },
  ];
}
