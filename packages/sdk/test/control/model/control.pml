/*
 * Control of a robot (SPEC D2, D4, R1, R2, R4, R6): the broker gives control away, operators show permits and send commands, and the
 * guard of packages/sdk/src/control/guard obeys them or does not. Searched whole, this shows how long a replaced operator can still
 * move the robot. Each -DNO_… leaves one rule out.
 *
 * What the model allows beyond the code, so that what it shows holds for the code too:
 * - The broker gives control to anyone or to nobody at any time, and renews the newest epoch whenever it likes.
 * - Permits and commands come on any operator's channels, late without bound, in any order and any number of times.
 * - The dead-man, blindness, an order, a closed channel and a failing driver are one thing: the robot may stop, and the holder may go,
 *   at any time and for any reason, or never. A driver takes any time to stop the robot.
 * - A session has any number of channels. The code obeys one of them.
 * - Of a permit of an epoch the newest is shown: an older one allows less.
 *
 * What it leaves out:
 * - Clocks: everyone has the same. An error in the robot's idea of the broker's clock, or of an operator's, adds to the times shown.
 * - Signatures, ids and messages that cannot be read: every permit is one that the broker signed for this robot.
 * - A notice of the broker that is lost while the robot's connection lives. Only the end of the permit is then certain.
 * - A guard that starts anew: it has no keys, and so obeys nobody, until a welcome has named the newest epoch.
 * - `resume` and the numbers that it skips (R7): they only make the guard obey less.
 *
 * What bounds it: time and changes of control have no end, since time is kept as ages, and epochs below the fence count for nothing
 * and are numbered away. The guard is behind the broker by fewer than EPOCHS epochs, there are two operators, and one tick is MAX_AGE.
 */

#ifndef TRUST
#define TRUST 3                                      /* R2, in ticks */
#endif
#ifndef BOUND
#define BOUND TRUST                                  /* How long a replaced operator may move the robot. */
#endif
#ifndef LEASE
#define LEASE 5                                      /* D4 */
#endif
#ifndef MAX_AGE
#define MAX_AGE 1                                    /* R4 */
#endif
#ifndef EPOCHS
#define EPOCHS 3
#endif
#ifndef NUMBERS
#define NUMBERS 2
#endif
#ifndef OPERATORS
#define OPERATORS 2
#endif
#ifdef TRACE
#define AGE int
#define NUMBER int
#else
#define AGE byte
#define NUMBER byte
#endif

#define NOBODY 0
#define YOUNGER(a, b) (a < b -> a : b)

/* The states of guard/state.ts but the last. */
mtype = { idle, armed, driving, stopping };

/* The broker's truth. Epochs count from 1. */
NUMBER newest = 0;
NUMBER owner[EPOCHS + 1] = NOBODY;
AGE issued[EPOCHS + 1] = LEASE;                      /* How old the newest permit of an epoch is. At LEASE it is over. */
AGE replaced[EPOCHS + 1] = 0;                        /* For how long an epoch is not the newest any more; at most TRUST. */

/* The robot's signalling, and the broker's notices on their way, by epoch. */
bool isCut = false;
bool isComing[EPOCHS + 1] = false;

/* What the guard knows: of its signalling and the broker's last notice, of the fence, and whom it obeys. */
mtype guard = idle;
bool isOnline = true;
AGE away = 0;                                        /* For how long it has known that its signalling is away; at most TRUST. */
NUMBER named = 0;
NUMBER fence = 0;
NUMBER fenceOwner = NOBODY;
NUMBER fenceSeq = 0;
NUMBER holder = NOBODY;
NUMBER holderEpoch = 0;
AGE holderIssued = 0;

/* What moved the robot last, and whether it has stood since. */
NUMBER movedEpoch = 0;
NUMBER movedSeq = 0;
bool stood = true;

/* Scratch, set before it is read within one step. */
hidden NUMBER i;
hidden AGE since;
hidden byte isTaken;
hidden byte isObeyed;
hidden byte isUnaware;

/* R1, R2: whether a permit of this epoch and age is obeyed. guard/validity.ts */
#ifdef NO_LEASE
#define LASTS(age) true
#else
#define LASTS(age) (age < LEASE)
#endif
#ifdef NO_TRUST
#define IS_TRUSTED(e, age) true
#else
#define IS_TRUSTED(e, age) ((isOnline && named == e) || age < TRUST || (!isOnline && named == e && away < TRUST))
#endif
#define STANDS(e, age) (LASTS(age) && IS_TRUSTED(e, age))

/* R6: a robot that moves is stopped before anything else. guard/outcome.ts */
inline dismiss() {
  holder = NOBODY; holderEpoch = 0; holderIssued = 0;
  if
  :: guard == driving -> guard = stopping
  :: guard == armed -> guard = idle
  :: else
  fi
}

/* Time alone ends a permit. While the robot is being stopped nothing is obeyed, so that it is looked at afterwards. guard/deadline.ts */
inline lapse() {
  if
  :: (guard == armed || guard == driving) && !STANDS(holderEpoch, holderIssued) -> dismiss()
  :: else
  fi
}

/* The broker's notice of who drives; one older than its last says nothing. guard/notice.ts */
inline hear(e, whose) {
  if
  :: e < named
  :: else ->
    named = e;
    if
    :: e > fence ->
      fence = e; fenceOwner = whose; fenceSeq = 0;
#ifndef NO_NOTICE
      dismiss()
#endif
    :: else
    fi
  fi;
  lapse()
}

/* R1: `by` shows a permit on its channel. guard/permit.ts */
inline present(by, e, age) {
  isTaken = STANDS(e, age);
#ifndef NO_OWNER
  isTaken = isTaken && owner[e] == by;
#endif
#ifndef NO_FENCE
  isTaken = isTaken && e >= fence && (e != fence || by == fenceOwner);
#endif
  if
  :: isTaken ->
    if
    :: e > fence -> fence = e; fenceOwner = by; fenceSeq = 0
    :: else
    fi;
    if
    :: guard == idle -> guard = armed
#ifndef NO_STOP
    :: guard == driving && holderEpoch != e -> guard = stopping
#endif
    :: else
    fi;
    holderIssued = (holderEpoch == e -> YOUNGER(holderIssued, age) : age);
    holder = by; holderEpoch = e
  :: else
  fi
}

/* R4: a command of this age comes on a channel of `by`. guard/command.ts */
inline receive(by, e, n, age) {
  isObeyed = (guard == armed || guard == driving) && e == holderEpoch;
#ifndef NO_CHANNEL
  isObeyed = isObeyed && by == holder;
#endif
#ifndef NO_FENCE
  isObeyed = isObeyed && e == fence;
#endif
#ifndef NO_SEQ
  isObeyed = isObeyed && n > fenceSeq;
#endif
#ifndef NO_AGE
  isObeyed = isObeyed && age <= MAX_AGE;
#endif
  if
  :: isObeyed -> guard = driving; fenceSeq = n
  :: else
  fi
}

/* The driver has stopped the robot. */
inline carryOut() {
  stood = true;
  guard = (holder == NOBODY -> idle : armed);
  lapse()
}

/* The broker gives the next epoch away, or takes control from whoever has it (`whose` is then NOBODY). */
inline give(whose) {
  newest++;
  owner[newest] = whose;
  issued[newest] = (whose == NOBODY -> LEASE : 0);
  isComing[newest] = !isCut
}

inline cut() {
  isCut = true;
  for (i : 1 .. newest) { isComing[i] = false }
  skip
}

/* A welcome is heard: the notices of what came after epoch `e`, which was the newest when it was written, are on their way. */
inline connect(e) {
  isCut = false; isOnline = true; away = 0;
  for (i : e + 1 .. newest) { isComing[i] = true }
  skip
}

#define OLDER(age, d, most) (age + d < most -> age + d : most)

inline pass(d) {
  for (i : 1 .. newest) {
    issued[i] = OLDER(issued[i], d, LEASE);
    replaced[i] = (i < newest -> OLDER(replaced[i], d, TRUST) : 0)
  }
  away = (isOnline -> 0 : OLDER(away, d, TRUST));
  holderIssued = (holder == NOBODY -> 0 : OLDER(holderIssued, d, LEASE))
}

/*
 * A replaced operator moves nothing from BOUND after it was replaced or, where that is later, after the guard noticed that its
 * signalling is away. Before it noticed, or while a newer notice is on its way, it cannot know better.
 */
inline mayMove() {
  isUnaware = isOnline && isCut;
  for (i : holderEpoch + 1 .. newest) { isUnaware = isUnaware || (isOnline && isComing[i]) }
  since = replaced[holderEpoch];
  if
  :: !isOnline -> since = YOUNGER(since, away)
  :: else
  fi;
  assert(holderEpoch >= named);
  assert(holderEpoch == newest || isUnaware || since < BOUND)
}

/* What holds of every command that moves the robot. */
inline moved(by, e, n, age) {
  assert(by == owner[e]);
  assert(issued[e] < LEASE);
  assert(e >= movedEpoch);
  assert(e > movedEpoch || n > movedSeq);
  assert(age <= MAX_AGE);
  assert(stood || e == movedEpoch);
  mayMove();
  movedEpoch = e; movedSeq = n; stood = false
}

#ifndef TRACE

/* Nothing of an epoch below the fence is obeyed (R1), and a notice of one changes nothing: the fence becomes epoch 1 again. */
inline renumber() {
  skip;
#ifndef NO_FENCE
  do
  :: fence > 1 ->
    for (i : 1 .. EPOCHS - 1) {
      owner[i] = owner[i + 1]; issued[i] = issued[i + 1]; replaced[i] = replaced[i + 1]; isComing[i] = isComing[i + 1]
    }
    owner[EPOCHS] = NOBODY; issued[EPOCHS] = LEASE; replaced[EPOCHS] = 0; isComing[EPOCHS] = false;
    newest--; fence--;
    named = (named > 0 -> named - 1 : 0);
    holderEpoch = (holderEpoch > 0 -> holderEpoch - 1 : 0);
    movedEpoch = (movedEpoch > 0 -> movedEpoch - 1 : 0);
    movedSeq = (movedEpoch > 0 -> movedSeq : 0)
  :: else -> break
  od
#endif
}

active proctype everything() {
  NUMBER by, e, n;
  AGE age;

  do
  /* The broker. */
  :: atomic { newest < EPOCHS -> select(by : 0 .. OPERATORS);
       d_step { if :: by != NOBODY || owner[newest] != NOBODY -> give(by) :: else fi; by = 0 } }
  :: d_step { owner[newest] != NOBODY && issued[newest] < LEASE -> issued[newest] = 0 }

  /* The robot's signalling. A cut loses the notices on their way; the guard notices it some time, or never. */
  :: d_step { !isCut -> cut() }
  :: d_step { isOnline && isCut -> isOnline = false }
  /* A welcome says what was so when it was written, or nothing where the broker knows no control. */
  :: atomic { isCut -> select(e : 0 .. newest);
       if
       :: e > 0 -> d_step { connect(e); hear(e, owner[e]); renumber(); e = 0 }
       :: d_step { connect(e); named = 0; lapse(); e = 0 }
       fi }
  :: atomic { !isCut && isOnline && newest > 0 -> select(e : 1 .. newest);
       d_step { if :: isComing[e] -> isComing[e] = false; hear(e, owner[e]); renumber() :: else fi; e = 0 } }

  /* Operators. */
  :: atomic { newest > 0 -> select(by : 1 .. OPERATORS); select(e : 1 .. newest);
       d_step { if :: owner[e] != NOBODY -> present(by, e, issued[e]); renumber() :: else fi; by = 0; e = 0 } }
  :: atomic { holder != NOBODY -> select(by : 1 .. OPERATORS); select(e : 1 .. newest); select(n : 1 .. NUMBERS); select(age : 0 .. MAX_AGE + 1);
       d_step { receive(by, e, n, age); if :: isObeyed -> moved(by, e, n, age) :: else fi; by = 0; e = 0; n = 0; age = 0 } }

  /* The driver, and whatever else stops the robot or makes its holder go. */
  :: d_step { guard == stopping -> carryOut() }
  :: d_step { guard != stopping -> guard = stopping }
  :: d_step { holder != NOBODY -> dismiss() }

  :: d_step { pass(1); lapse(); if :: guard == driving -> mayMove() :: else fi }
  od
}

#else

/* A recorded story, told by its own process: what happened, how many ms after what was told before, and to whom. */
mtype = { given, notice, welcomed, lost, shown, obeyed, halted, carried, over };
chan story = [0] of { mtype, int, int, int, int, int };

active proctype replay() {
  mtype what;
  int after, by, e, n, age;

  do
  :: story ? what, after, by, e, n, age ->
    pass(after);
    lapse();
    if :: guard == driving -> mayMove() :: else fi;
    if
    :: what == given -> assert(e == newest + 1); give(by)
    :: what == notice -> assert(by == owner[e]); isComing[e] = false; hear(e, by)
    :: what == welcomed && e > 0 -> assert(by == owner[e]); connect(e); hear(e, by)
    :: what == welcomed && e == 0 -> connect(e); named = 0; lapse()
    :: what == lost -> cut(); isOnline = false
    /* `n` says whether the guard took the permit. */
    :: what == shown -> issued[e] = YOUNGER(issued[e], age); present(by, e, age); assert(isTaken == n)
    :: what == obeyed -> receive(by, e, n, age); assert(isObeyed); moved(by, e, n, age)
    :: what == halted -> guard = stopping
    :: what == carried -> assert(guard == stopping); carryOut()
    :: what == over -> printf("accepted\n"); break
    fi
  od
}

#endif
