const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const KB = 1_024;

/** Every number the parts agree on. Durations in milliseconds, sizes in bytes. */
export const limits = {
  /** API Gateway WebSocket quotas: docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
  gateway: {
    /** Of one account and region; can be raised. */
    connectsPerSecond: 500,
    connectionLifeMs: 2 * hour,
    idleMs: 10 * minute,
    frameBytes: 32 * KB,
    messageBytes: 128 * KB,
    integrationMs: 29 * second,
    authorizerBytes: 8 * KB,
  },
  /**
   * The share of the rate at which connections are let in that tickets are given out at: when all come back at once they are refused at the
   * API, where it asks nothing of anyone, and whoever has a ticket finds the gateway open.
   */
  admission: { share: 0.9 },
  ticket: { lifeMs: minute },
  /** An assertion lives at most a minute; `skewMs` is how far a robot's clock may be off before it is told. */
  assertion: { lifeMs: minute, skewMs: 30 * second, bytes: 4 * KB },
  auth: { leaseMs: 4 * hour, warnMs: [10 * minute, minute], renewMs: minute, renewAt: 0.75 },
  session: {
    openingMs: 30 * second,
    clientGraceMs: 2 * minute,
    robotGraceMs: 10 * minute,
    /** The SDK opens the next connection at a random moment between these, and in any case before the gateway cuts. */
    rolloverMs: [106 * minute, 112 * minute],
    /** Where no next connection could be made until then, the SDK asks once more without waiting for the time that the service asked for. */
    forcedMs: 115 * minute,
    /** The time for which frames of the connection before the current one are still accepted. */
    handoverMs: 10 * second,
    clientsPerRobot: 25,
    /** Of one user at one robot: a few tabs and devices. */
    clientsPerUser: 6,
    /** Of a robot's places so many are for operators and owners alone, and so many for owners alone. */
    keptFor: { operators: 10, owners: 2 },
    /** A session nobody has heard of for so long is looked up at the gateway; it is never found dead by its age. */
    verifyMs: 30 * minute,
    /** So many take-overs by another instance within the time are a fight, not a hand-over. */
    contest: { takeovers: 3, withinMs: 5 * minute },
    /** The bounds of the grace in a robot's settings. */
    graceMs: { least: 10 * second, most: day },
  },
  signal: {
    /** Leaves room for the envelope in a 32 KB frame. */
    dataBytes: 28 * KB,
    /** Candidates that are found within this time of the first travel in one signal, so many at most. */
    candidatesMs: 20,
    candidates: 64,
    /** The nesting of an app signal's body: a value deeper than the stack can be read and not be written again. */
    depth: 64,
    /** Signals kept for one peer until it has them; the next is refused. */
    unacked: 256,
    /** A receiver that has nothing to say acknowledges after this many. */
    ackEvery: 32,
    /** The time after which a receiver that has nothing to send acknowledges. */
    ackAfterMs: second,
    /** A signal nobody acknowledged is sent again after this long, each time after twice as long, and so many times. */
    unheardMs: 3 * second,
    resends: 6,
    /** The number of oldest unacknowledged signals that may be sent again at once; the others wait for these. */
    resendWindow: 32,
  },
  /** Peer connections that a robot makes for one user: so many at once, and one more each time. The most tracks that it tells of. */
  peer: { burst: 12, everyMs: 5 * second, tracks: 9 },
  /** The number of sessions that may monitor a robot at once: each is one more post for every frame. */
  monitor: { perRobot: 5 },
  control: {
    leaseMs: 5 * minute,
    /** The time before the end of the control lease at which the holder that drives renews it: every 4 min. */
    renewMs: minute,
    /** The time for which control is kept for a holder that is away. */
    keptMs: 20 * second,
    /** The time that a holder has to answer a request for control. */
    answerMs: 15 * second,
    /** A robot obeys a permit on its own for `trustMs`, and asks for a fresh one every `askMs` while it must. */
    trustMs: 20 * second,
    askMs: 8 * second,
    /** Epochs, commands and stops are counted no further: at 100 commands a second that is 248 days of one epoch. */
    numberMost: 2 ** 31 - 1,
    /** A press of stop that came by one way is taken for the same one by another way for so long. */
    pressMs: 2 * second,
    /** An operator's end pings the robot every `pingMs`; a robot that is not heard for `silentMs` counts as gone. */
    pingMs: 200,
    silentMs: second,
    /** Length and nesting of a message on a channel: a value deeper than the stack can be read and not be written again. */
    message: { length: 64 * KB, depth: 64 },
    /** The bounds of a robot's policy. */
    deadmanMs: { least: 200, usual: 500, most: second },
    maxAgeMs: { least: 100, usual: 500, most: 2 * second },
    /** StVFernLV, as reported: 200 ms for picture and command together, and less speed in proportion above that. */
    blindMs: { least: 50, usual: 200, most: 2 * second },
    stopMs: { least: 100, usual: second, most: 5 * second },
    /** In m/s and rad/s. */
    speed: { least: 0.01, most: 100 },
  },
  /**
   * A keepalive stays inside the gateway's idle time-out, and keeps what is between from forgetting the connection. A socket that
   * pings by itself does the latter already, so it needs half as many, and they may come closer to the time-out.
   */
  keepalive: { everyMs: 4 * minute, jitter: 0.1, pinging: { everyMs: 8.8 * minute, jitter: 0.02 } },
  http: { bodyBytes: 64 * KB, pageItems: 50 },
  /** A run that moves a robot to another cell claims it for so long at a time. Another cell's API has `answerMs` to answer. */
  cell: { claimMs: 30 * second, answerMs: 8 * second, most: 16 },
  /**
   * The sweeper's work in one run: so many at once, and so long. Its index is spread over `shards` partitions. Each takes 1,000 write units a
   * second, of which a connection uses four; they are as many as keep each at half of that, at the rate at which connections are let in. A look
   * at one costs half a read unit a minute. One Lambda looks after `groupShards` of them.
   */
  sweep: {
    everyMs: minute,
    atOnce: 32,
    budgetMs: 50 * second,
    shards: { least: 4, most: 32, unitsPerSecond: 500, unitsPerConnect: 4 },
    groupShards: 8,
  },
  /** Presence checks have a schedule of their own, and do one round of several in each run. */
  presence: { everyMs: 5 * minute, atOnce: 32, budgetMs: 240 * second },
  enrollment: { lifeMs: 15 * minute },
  credential: {
    rotateAfterMs: 30 * day,
    expiresMs: 90 * day,
    /** The time for which a key that was replaced is still taken. */
    overlapMs: day,
    /** The exactness of `lastProvedAt`: a write at every ticket would cost more than it is worth. */
    provedEveryMs: hour,
    /** The time in which a key has at most one security event of a kind. */
    eventEveryMs: minute,
    overdueEveryMs: day,
  },
  /** So long after a user was signed out their sessions are looked for again: an index is behind its table by a fraction of that. */
  user: { indexMs: 500 },
  /** TURN credentials live as long as a lease: whoever renews that gets new ones with it. */
  ice: { lifeMs: 4 * hour, answerMs: 2 * second, retryMs: 30 * second },
  /** Requests a principal may make at once, and how often one more. Counted by each instance of the API on its own. */
  rate: {
    ticket: { burst: 60, everyMs: second },
    enrollment: { burst: 60, everyMs: 10 * second },
    principals: 10_000,
    /** Presses of stop by one person of which others and the timeline are told. The robot is told of every one. */
    stopNews: { burst: 20, everyMs: second / 2 },
    /**
     * Frames of one connection, counted by each instance of the broker on its own. After so many refusals the connection is closed. A robot
     * speaks with all its clients.
     */
    frame: {
      client: { burst: 300, everyMs: 40 },
      robot: { burst: 1_000, everyMs: 5 },
      refusals: { burst: 100, everyMs: second },
      connections: 10_000,
    },
  },
  history: { keptMs: 90 * day },
  /** The address at which `tether sign-in` waits for the browser to come back: a fixed port, and by name, as Cognito takes nothing else over http. */
  signIn: { redirectUri: "http://localhost:4499/callback" },
} as const;
