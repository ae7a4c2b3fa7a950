/** A defect of the robot in Python: the clause that it breaks, the file, the text there, and the text in its place. */
export type Mutant = readonly [name: string, clause: string, file: string, was: string, becomes: string];

export const mutants: readonly Mutant[] = [
  ["a proof of another type", "N3", "jws.py", '"typ": "tether-proof+jwt"', '"typ": "JWT"'],
  ["a code hashed as it was typed", "N3.1", "code.py", "normal.encode", "text.encode"],
  ["a thumbprint of members in another order", "K1.1", "jws.py", 'else ("crv", "kty", "x")', 'else ("kty", "crv", "x")'],
  ["assertions that live for ten minutes", "N3", "limits.py", "ASSERTION_LIFE_S: Final = 60", "ASSERTION_LIFE_S: Final = 600"],
  ["a clock that is never corrected", "E6", "tickets.py", "self._offset_ms = refusal.server_time - self._clock.now()", "pass"],
  ["hello of another version", "H1", "session.py", '"protocol": 1', '"protocol": 2'],
  [
    "a gateway's frame taken for the end",
    "F10",
    "connection.py",
    "        if self.was_welcomed:\n            self._session.signalling.failed",
    "        if False:\n            self._session.signalling.failed",
  ],
  [
    "no acknowledgement",
    "S14",
    "signalling/inbound.py",
    "return min(gap, inf if self.since is None else self.since + ACK_AFTER_MS)",
    "return gap",
  ],
  ["no acknowledgement of doubles", "S14", "signalling/inbound.py", "            self.since = -inf\n", ""],
  [
    "signals handed on as they come",
    "S4",
    "signalling/inbound.py",
    "        self.early[seq] = data\n",
    "        self.seq = seq - 1\n        self.early[seq] = data\n",
  ],
  [
    "nothing sent again",
    "S13",
    "signalling/outbound.py",
    "        if not self.kept or self.kept[0].resent >= RESENDS:",
    "        if True:",
  ],
  ["a warning of the lease's end ignored", "L3", "connection.py", '"auth.expiring" | "auth.expired" | "auth.challenge"', '"auth.never"'],
  ["a renewal tried again and again", "L3.3", "connection.py", "self._hold_lease(max(1, self._left_ms()))", "self._hold_lease(0)"],
  ["a renewal with a connect ticket", "L3", "connection.py", 'buy("renew")', 'buy("connect")'],
  [
    "a rotation that drops the old key",
    "K1",
    "tickets.py",
    "self._keys.save(replace(kept, next=following))",
    "self._keys.save(replace(kept, current=following, next=None))",
  ],
  [
    "a next key that is never used",
    "K2",
    "tickets.py",
    "        if kept.next:\n            # The current",
    "        if False:\n            # The current",
  ],
  ["what is critical in a permit ignored", "R1.1", "jws.py", ' or "crit" in header', ""],
  ["permits of any type", "R1.1", "jws.py", ' or header.get("typ") != "tether-permit"', ""],
  ["permits that anyone signed", "R1.1", "jws.py", ' or not _is_signed(key, f"{parts[0]}.{parts[1]}".encode(), signature)', ""],
  ["another robot's permit obeyed", "R1", "guard/permit.py", "if permit.robot != state.robot:", "if False:"],
  ["an old epoch's permit obeyed", "R1", "guard/permit.py", "if permit.epoch < state.fence.epoch:", "if False:"],
  ["a command obeyed twice", "R4.1", "guard/command.py", "if event.seq <= state.fence.seq:", "if False:"],
  [
    "an old epoch's command obeyed",
    "R4.1",
    "guard/command.py",
    "if event.epoch != holder.epoch or event.epoch != state.fence.epoch:",
    "if False:",
  ],
  ["a stale command obeyed", "R4.2", "guard/command.py", '"late" if age > holder.max_age_ms else max(0, age)', "max(0, age)"],
  ["a command from the future obeyed", "R4.5", "guard/command.py", "if is_ahead(age, measured):", "if False:"],
  [
    "commands obeyed before the clock is known",
    "R4.4",
    "guard/command.py",
    '        return "clock"\n    age = age_ms',
    "        return 0\n    age = age_ms",
  ],
  ["an unasked clock taken", "R21", "guard/command.py", " or event.t0 not in holder.asked", ""],
  [
    "commands of anyone's channel obeyed",
    "R4",
    "guard/command.py",
    "if holder is None or event.pair != holder.pair:\n        return state, ()\n    age",
    "if holder is None:\n        return state, ()\n    age",
  ],
  ["no dead-man", "R5", "guard/deadline.py", "if is_driving and at >= state.last_at + holder.deadman_ms:", "if False:"],
  ["a dead-man of two seconds", "R5", "guard/permit.py", '"deadman_ms": terms.deadman_ms,', '"deadman_ms": 2_000,'],
  [
    "a change of epoch that stops nothing",
    "R6",
    "guard/notice.py",
    "    if fenced.holder is None:\n        return fenced",
    "    return state",
  ],
  ["a stop on tether.control ignored", "R7", "guard/client_channels.py", 'self._stop_ordered("control", message)', "pass"],
  ["a stop on tether.events ignored", "R7", "guard/client_channels.py", 'self._stop_ordered("events", message)', "pass"],
  ["a stop by frame ignored", "D14", "guard/guard.py", 'if frame["type"] == "stop":', 'if frame["type"] == "halt":'],
  ["commands obeyed while a stop is in force", "R7", "guard/command.py", "if state.order.latched:", "if False:"],
  [
    "a resume by anyone",
    "R7",
    "guard/command.py",
    "event.pair != holder.pair or event.epoch != holder.epoch or",
    "event.epoch != holder.epoch or",
  ],
  ["a resume from another stop", "R7", "guard/command.py", " or event.stop != order.number", ""],
  ["commands from before the resume obeyed", "R7", "guard/command.py", "seq=max(fence.seq, event.seq)", "seq=fence.seq"],
  ["a press counted by each way", "R16", "guard/order.py", "    if event.press is None:\n        return None", "    return None"],
  [
    "a stop with a wrong key ignored",
    "R17",
    "message.py",
    '        case {"type": "stop"}:\n            return _stop(message)',
    '        case {"type": "stop"} if "key" not in message or len(message["key"]) >= 16:\n            return _stop(message)',
  ],
  ["a stop forgotten over a restart", "R18", "robot.py", "return latch.exists()", "return False"],
  [
    "a stop that is not told to who joins",
    "R20",
    "guard/order.py",
    "    if not state.order.latched:\n        return state, ()\n    message",
    "    return state, ()\n    message",
  ],
  [
    "an older permit of an epoch gone by",
    "R1.2",
    "guard/permit.py",
    "return known if known is not None and known.issued_at > shown.issued_at else shown",
    "return shown",
  ],
  [
    "an old epoch told before another's session",
    "R1.3",
    "guard/permit.py",
    `    if permit.session != event.session:
        return "session.other"
    if permit.epoch < state.fence.epoch:
        return "epoch.old"
`,
    `    if permit.epoch < state.fence.epoch:
        return "epoch.old"
    if permit.session != event.session:
        return "session.other"
`,
  ],
  [
    "the broker's clock never put forward by a permit",
    "R1.4",
    "guard/permit.py",
    "after = with_broker(state, ahead_ms=max(state.broker.ahead_ms, permit.issued_at - event.at))",
    "after = state",
  ],
  [
    "a notice taken that was overtaken",
    "R2.1",
    "guard/notice.py",
    `    if notice.epoch < state.broker.epoch:
        return state
    named = with_broker(state, epoch=notice.epoch)
    fence = named.fence
    if notice.epoch < fence.epoch or (`,
    `    named = with_broker(state, epoch=notice.epoch)
    fence = named.fence
    if (`,
  ],
  [
    "a welcome without control that vouches",
    "R2.1",
    "guard/notice.py",
    "        return with_broker(online, epoch=0), ()",
    "        return online, ()",
  ],
  [
    "two holders of one epoch borne",
    "R2.2",
    "guard/notice.py",
    "if notice.epoch < fence.epoch or (notice.epoch == fence.epoch and notice.session == fence.session):",
    "if notice.epoch <= fence.epoch:",
  ],
  ["trust without an end", "R2", "limits.py", "TRUST_MS: Final = 20_000", "TRUST_MS: Final = 20_000_000"],
  [
    "a fresh permit never asked for",
    "R3",
    "guard/validity.py",
    "return inf if is_vouched(holder.epoch, broker) else holder.ask_at",
    "return inf",
  ],
  ["a pong without the robot's clock", "R33", "guard/client_channels.py", '"at": at} if', "} if"],
  [
    "a resume that nobody is told of",
    "R32",
    "guard/command.py",
    'acceptance(after, holder), Broadcast({"type": "resumed", "stop": event.stop})',
    "acceptance(after, holder)",
  ],
  [
    "a stop that the broker is not told of",
    "P13",
    "robot.py",
    '            self.session.send({"type": "report", "stop": report})',
    "            pass",
  ],
  ["bye never ignored", "E3", "session.py", 'if connection.retry == "never" and not self.left:', "if False:"],
  ["a new peer connection asked for each time", "W8", "aiortc_peer.py", "            self._is_given_up = True\n", ""],
  ["candidates before their offer dropped", "W3", "robot.py", '[] if data.get("kind") == "offer" else early', "[]"],
  [
    "a peer connection that outlives its session",
    "W5.1",
    "robot.py",
    "            asyncio.ensure_future(client.close())",
    "            self._peers[session] = client",
  ],
];
