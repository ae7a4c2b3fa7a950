package main

import (
	"crypto/ed25519"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// driver moves the robot. stop has done so when it returns nil, and is asked again until it does. R10
type driver interface {
	command(linear, angular float64)
	stop(reason string) error
}

type permit struct {
	Robot, Session                           string
	Epoch                                    int
	IssuedAt, ExpiresAt, DeadmanMs, MaxAgeMs float64
	BlindMs, StopMs, MaxLinear, MaxAngular   *float64
}

// pair is the two channels of one peer connection, and who is at their other end.
type pair struct {
	session         string
	control, events func(message map[string]any)
}

type sample struct{ at, trip, offset float64 }

type holder struct {
	permit
	pair    *pair
	asked   map[float64]bool
	asks    int
	nextAsk float64
	samples []sample
}

type press struct {
	at   float64
	ways map[string]bool
	once bool
}

// guard decides what the robot obeys. All instants are milliseconds of a clock that is never set (R4.7), unless they are the broker's.
type guard struct {
	robot  string
	folder string
	driver driver
	keys   map[string]ed25519.PublicKey
	pairs  map[*pair]bool
	report func(stop map[string]any)

	holder      *holder
	newest      permit
	epoch, seq  int
	session     string
	moving      bool
	lastAt      float64
	stopping    string
	since       float64
	again       float64
	waiting     func()
	stops       int
	latched     bool
	kept        bool
	presses     map[string]*press
	online      bool
	noticed     int
	awayAt      float64
	brokerAhead float64
	renewAt     float64
	stateAt     float64
	over        bool
}

var begun = time.Now()

func now() float64 { return float64(time.Since(begun).Microseconds()) / 1000 }

func newGuard(robot, folder string, driven driver) *guard {
	g := &guard{robot: robot, folder: folder, driver: driven, pairs: map[*pair]bool{}, presses: map[string]*press{},
		kept: true, awayAt: math.Inf(-1), report: func(map[string]any) {}}
	// A stop of before is in force, and so is one that may have been: a folder that cannot be read tells of none. R18
	if _, err := os.Stat(g.latchPath()); !os.IsNotExist(err) {
		g.latched, g.stops = true, 1
	}
	return g
}

func (g *guard) latchPath() string { return filepath.Join(g.folder, "stopped") }

func (g *guard) keep() {
	var err error
	if g.latched {
		err = writeFile(g.latchPath(), []byte("a stop is in force\n"))
	} else if err = os.Remove(g.latchPath()); os.IsNotExist(err) {
		err = nil
	} else if err == nil {
		err = syncFolder(g.folder)
	}
	if was := g.kept; was != (err == nil) {
		g.kept = err == nil
		if g.latched {
			g.broadcast(map[string]any{"type": "latched", "stop": g.stops, "kept": g.kept})
		}
	}
}

func (g *guard) broadcast(message map[string]any) {
	for to := range g.pairs {
		to.events(message)
	}
}

func (g *guard) open(p *pair) {
	g.pairs[p] = true
	if g.latched {
		p.events(map[string]any{"type": "latched", "stop": g.stops, "kept": g.kept})
	}
}

func (g *guard) close(p *pair) {
	delete(g.pairs, p)
	if g.holder != nil && g.holder.pair == p {
		g.holder = nil
		g.stop("channel.closed", now())
	}
}

// stop begins at once whatever began before, and is over when the driver has carried it out.
func (g *guard) stop(reason string, knownAt float64) {
	g.moving, g.stopping, g.since = false, reason, knownAt
	g.carry()
}

func (g *guard) carry() {
	if err := g.driver.stop(g.stopping); err != nil {
		g.again = now() + 100
		return
	}
	told := map[string]any{"type": "stopped", "reason": g.stopping, "latencyMs": now() - g.since}
	if g.latched {
		told["stop"] = g.stops
	}
	g.stopping = ""
	g.broadcast(told)
	if shown := g.waiting; shown != nil {
		g.waiting = nil
		shown()
	}
}

func (g *guard) order(way, key, session string, by map[string]any) {
	if len(key) < 16 || len(key) > 64 {
		key = ""
	}
	if key != "" {
		name := session + " " + key
		before := g.presses[name]
		isKnown := before != nil && !before.ways[way] && now()-before.at <= 2000
		if before != nil {
			before.ways[way] = true
		}
		if isKnown {
			return
		}
		g.presses[name] = &press{now(), map[string]bool{way: true}, strings.HasPrefix(key, "once-")}
	}
	g.stops++
	g.latched = true
	g.stop("stop", now())
	g.keep()
	if !g.kept {
		g.broadcast(map[string]any{"type": "latched", "stop": g.stops, "kept": false})
	}
	said := map[string]any{"inForce": true}
	if by != nil {
		said["by"] = by
	} else if session != "" {
		said["session"] = session
	}
	g.report(said)
}

func (g *guard) resume(p *pair, epoch, stop, seq int) {
	h := g.holder
	if h == nil || h.pair != p || h.Epoch != epoch || stop != g.stops || g.stopping != "" || !g.latched {
		return
	}
	g.latched = false
	if seq > g.seq {
		g.seq = seq
	}
	for name, one := range g.presses {
		if !one.once {
			delete(g.presses, name)
		}
	}
	g.keep()
	g.broadcast(map[string]any{"type": "resumed", "stop": stop})
	p.events(map[string]any{"type": "accepted", "epoch": epoch, "seq": g.seq})
	g.report(map[string]any{"inForce": false, "session": p.session})
}

// read verifies a permit. R1, R1.1
func (g *guard) read(jws string) *permit {
	parts := strings.Split(jws, ".")
	if len(parts) != 3 || len(jws) > 4096 {
		return nil
	}
	head, err1 := b64.DecodeString(parts[0])
	body, err2 := b64.DecodeString(parts[1])
	signature, err3 := b64.DecodeString(parts[2])
	var header map[string]any
	if err1 != nil || err2 != nil || err3 != nil || json.Unmarshal(head, &header) != nil {
		return nil
	}
	kid, _ := header["kid"].(string)
	_, isCritical := header["crit"]
	key, isKnown := g.keys[kid]
	if header["alg"] != "EdDSA" || header["typ"] != "tether-permit" || isCritical || !isKnown {
		return nil
	}
	var read permit
	if !ed25519.Verify(key, []byte(parts[0]+"."+parts[1]), signature) || json.Unmarshal(body, &read) != nil ||
		read.Epoch < 1 || read.Epoch > math.MaxInt32 || read.DeadmanMs <= 0 || read.MaxAgeMs <= 0 {
		return nil
	}
	return &read
}
