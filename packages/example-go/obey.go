package main

import "math"

func refused(epoch int, reason string) map[string]any {
	return map[string]any{"type": "refused", "epoch": epoch, "reason": reason}
}

// vouched says whether the broker stands by a permit, or did so within the last 20 s. R2
func (g *guard) vouched(p *permit) bool {
	at, isNamed := now(), g.noticed == p.Epoch
	return g.online && isNamed || isNamed && at < g.awayAt+20_000 || at+g.brokerAhead < p.IssuedAt+20_000
}

func (g *guard) fault(p *permit) string {
	switch {
	case now()+g.brokerAhead >= p.ExpiresAt:
		return "permit.over"
	case !g.vouched(p):
		return "signalling.away"
	}
	return ""
}

func (g *guard) show(p *pair, jws string) {
	if g.over || !g.pairs[p] {
		return
	}
	// No permit is accepted until the stop was carried out. R6
	if g.stopping != "" {
		g.waiting = func() { g.show(p, jws) }
		return
	}
	shown := g.read(jws)
	if shown == nil {
		p.events(refused(0, "permit.invalid"))
		return
	}
	reason := ""
	switch {
	case shown.Robot != g.robot:
		reason = "robot.other"
	case shown.Session != p.session, shown.Epoch == g.epoch && shown.Session != g.session:
		reason = "session.other"
	case shown.Epoch < g.epoch:
		reason = "epoch.old"
	default:
		// The broker issues nothing in its future: where it seems so, the idea of its clock is behind.
		g.brokerAhead = math.Max(g.brokerAhead, shown.IssuedAt-now())
		reason = g.fault(shown)
	}
	if reason != "" {
		p.events(refused(shown.Epoch, reason))
		return
	}
	// Of the permits of an epoch the one that was issued last counts, whenever and wherever an older one is shown. R1.2
	if g.newest.Epoch != shown.Epoch || g.newest.IssuedAt <= shown.IssuedAt {
		g.newest = *shown
	}
	shown = &g.newest
	if h := g.holder; h != nil && h.pair == p && h.Epoch == shown.Epoch {
		h.permit = *shown
		g.accept(p)
		return
	}
	// A change of epoch or of channel stops the robot before anything is obeyed. R6, R9
	if had := g.holder; had != nil {
		g.holder = nil
		g.waiting = func() { g.show(p, jws) }
		if had.Epoch == shown.Epoch {
			g.stop("channel.closed", now())
		} else {
			g.stop("epoch", now())
		}
		return
	}
	if shown.Epoch > g.epoch {
		g.epoch, g.session, g.seq = shown.Epoch, shown.Session, 0
	}
	g.holder = &holder{permit: *shown, pair: p, asked: map[float64]bool{}}
	g.accept(p)
	g.ask(g.holder)
}

func (g *guard) accept(p *pair) {
	told := map[string]any{"type": "accepted", "epoch": g.epoch, "seq": g.seq}
	if g.latched {
		told["stop"] = g.stops
	}
	p.events(told)
}

func (g *guard) ask(h *holder) {
	t0 := now()
	if len(h.asked) > 16 {
		h.asked = map[float64]bool{}
	}
	h.asked[t0] = true
	h.asks++
	h.nextAsk = t0 + 2_000
	if h.asks < 5 {
		h.nextAsk = t0 + 100
	}
	h.pair.events(map[string]any{"type": "clock", "t0": t0})
}

func (g *guard) sampled(p *pair, t0, t1 float64) {
	h, at := g.holder, now()
	// Only what was asked counts, and once. R21
	if h == nil || h.pair != p || !h.asked[t0] {
		return
	}
	delete(h.asked, t0)
	h.samples = append(h.samples, sample{at, at - t0, t1 - (t0+at)/2})
	if len(h.samples) > 8 {
		h.samples = h.samples[len(h.samples)-8:]
	}
}

func (h *holder) best(at float64) *sample {
	var best *sample
	for i := range h.samples {
		if one := &h.samples[i]; at-one.at <= 30_000 && (best == nil || one.trip < best.trip) {
			best = one
		}
	}
	return best
}

func (g *guard) command(p *pair, epoch, seq int, sentAt float64, command map[string]any) {
	h, at := g.holder, now()
	g.tick()
	if h == nil || g.holder != h || h.pair != p || epoch != h.Epoch || g.latched || g.stopping != "" || seq <= g.seq {
		return
	}
	clock := h.best(at)
	if clock == nil {
		return
	}
	age := at - (sentAt - clock.offset)
	if age > h.MaxAgeMs || age < -(clock.trip/2+20) {
		return
	}
	g.seq, g.moving, g.lastAt = seq, true, at
	g.driver.command(bounded(command, h))
}

// bounded makes both speeds smaller by the same share. R24
func bounded(command map[string]any, h *holder) (float64, float64) {
	linear, _ := command["linear"].(float64)
	angular, _ := command["angular"].(float64)
	share := 1.0
	if h.MaxLinear != nil {
		share = math.Min(share, *h.MaxLinear/math.Max(math.Abs(linear), *h.MaxLinear))
	}
	if h.MaxAngular != nil {
		share = math.Min(share, *h.MaxAngular/math.Max(math.Abs(angular), *h.MaxAngular))
	}
	return linear * share, angular * share
}

// notice is what the broker said of control last: frames come in any order, and an older one says nothing. R2, R2.1, R6, D13
func (g *guard) notice(epoch int, session string, isReleased bool) {
	if epoch < g.noticed {
		return
	}
	g.noticed = epoch
	if epoch < g.epoch || epoch == g.epoch && session == g.session {
		return
	}
	// Two notices for one epoch cannot both be true: nobody drives in it. R2.2
	if epoch == g.epoch {
		session = ""
	} else {
		g.seq = 0
	}
	g.epoch, g.session = epoch, session
	if g.holder != nil {
		g.holder = nil
		if isReleased {
			g.stop("released", now())
		} else {
			g.stop("epoch", now())
		}
	}
}

func (g *guard) away() {
	if g.online {
		g.online, g.awayAt = false, now()
	}
}

// end stops the robot for good. R9
func (g *guard) end() {
	g.over, g.holder = true, nil
	g.stop("leaving", now())
}

// tick does what falls due; it runs every 10 ms and before each command.
func (g *guard) tick() {
	at := now()
	if g.stopping != "" && at >= g.again {
		g.carry()
	}
	if !g.kept && at >= g.again {
		g.again = at + 1_000
		g.keep()
	}
	h := g.holder
	if h == nil {
		return
	}
	if reason := g.fault(&h.permit); reason != "" {
		h.pair.events(refused(h.Epoch, reason))
		g.holder = nil
		g.stop(reason, at)
		return
	}
	if due := g.lastAt + h.DeadmanMs; g.moving && at >= due {
		g.stop("deadman", due)
	}
	if at >= h.nextAsk {
		g.ask(h)
	}
	if !(g.online && g.noticed == h.Epoch) && at >= g.renewAt {
		g.renewAt = at + 8_000
		h.pair.events(map[string]any{"type": "renew", "epoch": h.Epoch})
	}
	if g.moving && at >= g.stateAt {
		g.stateAt = at + 1_000
		h.pair.events(map[string]any{"type": "state", "epoch": h.Epoch, "moving": true, "commandAgeMs": at - g.lastAt})
	}
}
