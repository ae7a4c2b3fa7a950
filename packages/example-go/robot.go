// Command robot is a Tether robot with two simulated wheels: robot FOLDER API CODE.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"math/rand"
	"net/http"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/gorilla/websocket"
	"github.com/pion/webrtc/v3"
)

const online, away, ended = 0.0, 1.0, 2.0 // how a peer stands, in the order that it comes in within an epoch (P8)

var started, base64url, encode, client = time.Now(), base64.RawURLEncoding.Strict(), base64.RawURLEncoding.EncodeToString, http.Client{Timeout: 10 * time.Second}

type identity struct { // is the robot's name and its keys, as its folder keeps them
	Seeds               [][]byte // of Ed25519 keys, the newest first
	Robot, file, origin string
	skew                time.Duration // of the clock of the wall, which serves here alone (E6, R4.7)
}
type robot struct { // belongs to the goroutine of main; every other one hands it tasks
	tasks                                                                                chan func()
	identity                                                                             *identity
	guard                                                                                *guard
	peers                                                                                map[string]*peer
	received                                                                             object // how far the peers' streams arrived
	iceServers                                                                           []object
	instance                                                                             string
	asking                                                                               bool            // for a ticket
	live, next                                                                           *websocket.Conn // that was welcomed last, and that is to be
	attempts, settlesAt                                                                  float64         // that failed in a row; when live will have lasted, infinite once it has (E2.2)
	epoch, connectAt, handOverAt, mustAt, renewAt, leaseEnds, pingAt, keepAt, serverTime float64         // serverTime is what now() lacks to be the server's clock
}
type peer struct { // is a client's session, what is on its way to and from it, and the peer connection with it
	*robot
	session, instance, fingerprint                           string
	state, epoch, stream, seq, unsaid, ackAt, tries, againAt float64  // unsaid: how many signals came since the last ack; tries, againAt: of the oldest that is kept
	kept, found                                              []object // signals that it did not acknowledge, and candidates that wait for its offer
	in                                                       object   // how far its stream arrived
	early                                                    map[float64]object
	refusals                                                 map[string]float64 // of signals that are kept, by their ids
	pc                                                       *webrtc.PeerConnection
	channels                                                 map[string]*webrtc.DataChannel
	half                                                     bool // a channel closed
}
type guard struct { // decides what the wheels are told; a permit is obeyed while it has a holder
	*robot
	file, named                                                        string // file is there while a stop by order is in force; named holds control in the known epoch
	keys                                                               map[string]ed25519.PublicKey
	known, noticed, epoch, seq, stop, awayAt                           float64 // the newest epoch; that of the newest notice; the permit's; the highest obeyed in it; the newest; infinite while the signalling is there
	obeyedAt, resumedAt, renewAt, askAt, tellAt, asks, linear, angular float64
	vouches, latched, kept, moving                                     bool
	permit, report                                                     object
	holder                                                             *peer
	asked                                                              map[float64]bool
	samples                                                            []sample
	presses                                                            map[string]float64 // of stop: when each came first, and by which ways (R16)
}
type object map[string]interface{} // of JSON, in which anything may be missing or of another type
type sample struct{ at, roundTrip, offset float64 }

func (o object) text(name string) string    { s, _ := o[name].(string); return s }
func (o object) number(name string) float64 { n, _ := o[name].(float64); return n }
func (o object) inner(name string) object   { m, _ := o[name].(map[string]interface{}); return m }
func (o object) json() []byte               { text, _ := json.Marshal(o); return text }
func parse(text []byte) (o object)          { json.Unmarshal(text, &o); return o }
func (o object) list(name string) (inner []object) {
	text, _ := json.Marshal(o[name])
	json.Unmarshal(text, &inner)
	return inner
}
func say(format string, values ...interface{}) { fmt.Printf(format+"\n", values...) }
func now() float64                             { return float64(time.Since(started)) / 1e6 } // in ms, never set (R4.7)
func random() []byte                           { _, key, _ := ed25519.GenerateKey(nil); return key.Seed() }
func pick[T any](is bool, yes, no T) T {
	if is {
		return yes
	}
	return no
}
func due(at *float64, every float64) bool { // once in so many ms
	is := now() >= *at
	*at = pick(is, now()+every, *at)
	return is
}
func pause(attempts float64, answer object) (ms float64) { // before the next attempt (E2, E7), in a bound that a bye may widen (F5.1)
	json.Unmarshal([]byte(answer.text("retryAfter")), &ms)
	return ms*1000 + rand.Float64()*math.Max(answer.number("afterMs"), math.Min(15000, 500*math.Exp2(attempts)))
}
func openIdentity(folder, api, code string) *identity {
	id := &identity{origin: strings.TrimSuffix(strings.TrimSuffix(api, "/"), "/v1"), file: folder + "/robot.json"}
	kept, err := os.ReadFile(id.file)
	err = pick(os.IsNotExist(err), id.addKey, func() error { return json.Unmarshal(kept, id) })()                // a new key is on the disk before the service hears of it (N6)
	normal := strings.NewReplacer(" ", "", "-", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(code)) // N3.1
	hash := sha256.Sum256([]byte(normal))
	for attempts := 0.0; err == nil && id.Robot == ""; attempts++ {
		answer := id.post("/enrollments/redeem", func() object {
			return object{"code": normal, "publicKey": publicKey(id.Seeds[0]), "proof": id.sign(id.Seeds[0], object{"typ": "tether-proof+jwt"}, object{"sub": encode(hash[:])})}
		})
		id.Robot = answer.inner("robot").text("id")
		err = pick(isFinal(answer), fmt.Errorf("%v", answer), writeWhole(id.file, id))
		time.Sleep(time.Duration(pick(id.Robot == "", pause(attempts, answer), 0)) * time.Millisecond)
	}
	if err != nil {
		say("not enrolled: %v", err)
		os.Exit(5)
	}
	return id
}
func (id *identity) addKey() error {
	id.Seeds = append([][]byte{random()}, id.Seeds...)
	return writeWhole(id.file, id)
}
func writeWhole(file string, value interface{}) error { // leaves the file as it was or as it is to be
	text, _ := json.Marshal(value)
	err := os.WriteFile(file+".new", text, 0o600)
	return pick(err == nil, os.Rename, func(string, string) error { return err })(file+".new", file)
}
func publicKey(seed []byte) object { // JSON has its fields in the order of their names, as K1.1 wants
	return object{"kty": "OKP", "crv": "Ed25519", "x": encode(ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey))}
}
func (id *identity) sign(seed []byte, header, claims object) string {
	at := time.Now().Add(id.skew).Unix()
	header["alg"], claims["aud"], claims["iat"], claims["exp"] = "EdDSA", id.origin, at, at+60
	signed := encode(header.json()) + "." + encode(claims.json())
	return signed + "." + encode(ed25519.Sign(ed25519.NewKeyFromSeed(seed), []byte(signed)))
}
func (id *identity) assertion(seed []byte) string {
	kid := sha256.Sum256(publicKey(seed).json())
	return id.sign(seed, object{"kid": encode(kid[:])}, object{"iss": id.Robot, "sub": id.Robot, "jti": encode(random())})
}
func (id *identity) post(path string, body func() object) (answer object) { // or a problem, or nobody's word (E11)
	for corrected := false; ; corrected = true {
		response, err := client.Post(id.origin+"/v1"+path, "application/json", bytes.NewReader(body().json()))
		if err != nil {
			return object{"code": err.Error()}
		}
		answer = object{"retryAfter": response.Header.Get("Retry-After")}
		json.NewDecoder(response.Body).Decode(&answer)
		if response.Body.Close(); answer["code"] != "assertion.clock" || corrected {
			return answer
		}
		id.skew = time.Until(time.UnixMilli(int64(answer.number("serverTime")))) // E6
	}
}
func isFinal(answer object) bool { // E3.1
	again := answer["code"] == nil || answer["code"] == "assertion.expired" || answer["code"] == "assertion.replayed"
	return !again && strings.Contains("400 401 403 404 410 413 422", fmt.Sprint(answer["status"])) || answer["code"] == "session.superseded"
}
func (id *identity) ticket(use, instance string) (answer object, rotated bool) { // also rotates the key where it is time (K1, K8)
	for i := 0; i == 0 || i < len(id.Seeds) && answer["code"] == "assertion.key"; i++ { // by the one before while the service does not know the newest (N6)
		answer = id.post("/tickets/robot", func() object {
			return object{"assertion": id.assertion(id.Seeds[i]), "use": use, "instance": instance}
		})
		if answer["ticket"] != nil && i == 0 && len(id.Seeds) > 1 { // the newest is the active one now (K2)
			id.Seeds = id.Seeds[:1]
			writeWhole(id.file, id)
		}
	}
	dates := answer.inner("credential")
	if dates == nil || dates.number("rotateAfter") > answer.number("serverTime") || len(id.Seeds) == 1 && id.addKey() != nil {
		return answer, false
	}
	return answer, id.post("/robots/"+id.Robot+"/credentials", func() object {
		return object{"publicKey": publicKey(id.Seeds[0]), "proof": id.sign(id.Seeds[0], object{"typ": "tether-proof+jwt"}, object{"sub": id.Robot}), "assertion": id.assertion(id.Seeds[1])}
	})["code"] == nil
}
func main() {
	rand.Seed(time.Now().UnixNano())
	r := &robot{tasks: make(chan func(), 1024), identity: openIdentity(os.Args[1], os.Args[2], os.Args[3]), instance: encode(random())[:12], peers: map[string]*peer{}, received: object{}}
	r.guard = newGuard(r, os.Args[1])
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	go func() { <-interrupted; r.tasks <- func() { r.end("it was told to", 0) } }()
	r.tasks <- r.tick
	for task := range r.tasks {
		task()
	}
}
func (r *robot) end(why string, status int) { // for good (E3, R9)
	say("stays down: %s", why)
	r.guard.lose("leaving")
	r.send(pick(status == 0, r.live, nil), object{"type": "leave"})
	time.Sleep(200 * time.Millisecond) // for what is on its way on the channels
	os.Exit(status)
}
func (r *robot) tick() {
	time.AfterFunc(10*time.Millisecond, func() { r.tasks <- r.tick })
	r.guard.tick()
	for _, p := range r.peers {
		p.tick()
	}
	if r.live != nil && due(&r.pingAt, 20000) {
		r.live.WriteControl(websocket.PingMessage, nil, time.Now().Add(50*time.Millisecond))
	}
	r.send(pick(due(&r.keepAt, 60000*(8.624+0.352*rand.Float64())), r.live, nil), object{"type": "ping"}) // E4
	r.attempts = pick(r.live != nil && due(&r.settlesAt, math.Inf(1)), 0, r.attempts)
	connect := now() >= r.connectAt && (r.live == nil || now() >= r.handOverAt) || r.live != nil && now() >= r.mustAt
	if !r.asking && r.next == nil && (connect || r.live != nil && due(&r.renewAt, 30000)) {
		r.asking, r.mustAt = true, pick(now() >= r.mustAt, math.Inf(1), r.mustAt) // once it waits no longer (E8)
		go r.ask(connect)
	}
}
func (r *robot) ask(connect bool) { // for a ticket, to connect or to renew the lease
	c, err := (*websocket.Conn)(nil), error(nil)
	t, rotated := r.identity.ticket(pick(connect, "connect", "renew"), r.instance)
	if connect {
		dialer := websocket.Dialer{HandshakeTimeout: 10 * time.Second, Subprotocols: []string{"tether.v1", "ticket." + t.text("ticket")}}
		c, _, err = dialer.Dial(t.text("url"), nil)
	}
	r.tasks <- func() {
		if r.asking = false; isFinal(t) {
			r.end(t.text("title"), 5)
		} else if err != nil {
			say("not connected: %v %v", err, t["code"])
			r.connectAt, r.attempts = now()+pause(r.attempts, t), r.attempts+1
		} else if connect {
			r.next = c
			go r.listen(c)
			r.send(c, object{"type": "hello", "protocol": 1, "features": []string{"keepalive"}, "instance": r.instance, "received": r.received})
		} else if t["ticket"] != nil {
			r.send(r.live, object{"type": "auth.renew", "ticket": t["ticket"]})
		}
		r.renewAt = pick(rotated, 0, r.renewAt) // the next key is to buy a ticket at once (K2.1)
	}
}
func (r *robot) listen(c *websocket.Conn) {
	c.SetPongHandler(func(string) error { return c.SetReadDeadline(time.Now().Add(time.Minute)) })
	for wait, err := 4*time.Second, error(nil); err == nil; wait = time.Minute { // 4 s for the welcome (E10)
		var text []byte
		c.SetReadDeadline(time.Now().Add(wait))
		_, text, err = c.ReadMessage()
		r.tasks <- func() { r.heard(c, parse(text)) }
	}
	r.tasks <- func() { r.lost(c, nil) }
}
func (r *robot) send(c *websocket.Conn, f object) { // within 50 ms: a network that takes nothing for so long is lost
	if c != nil {
		c.SetWriteDeadline(time.Now().Add(50 * time.Millisecond))
		c.WriteMessage(websocket.TextMessage, f.json())
	}
}
func (r *robot) lost(c *websocket.Conn, retry object) bool { // says whether it counted
	if c.Close(); c != r.live && c != r.next {
		return false
	}
	atOnce := c == r.live && math.IsInf(r.settlesAt, 1) && retry["policy"] == "now" // F5.1
	r.guard.awayAt, r.live, r.next = pick(c == r.live, now(), r.guard.awayAt), pick(c == r.live, nil, r.live), pick(c == r.next, nil, r.next)
	r.connectAt, r.attempts = math.Max(r.connectAt, now()+pick(atOnce, 0, pause(r.attempts, retry))), pick(atOnce, 0, r.attempts+1) // E7
	return true
}
func (r *robot) heard(c *websocket.Conn, f object) {
	act := map[string]func(){
		"welcome": func() { r.welcomed(c, f) },
		"signal":  func() { r.peer(f.text("from")).receive(f) }, "ack": func() { r.peer(f.text("from")).acknowledged(f.inner("received")) },
		"peer.online": func() { r.peer(f.inner("peer").text("session")).stands(f.inner("peer"), online, f.inner("received")) },
		"peer.away":   func() { r.peer(f.text("session")).stands(f, away, nil) }, "peer.ended": func() { r.peer(f.text("session")).stands(f, ended, nil) },
		"auth.expiring": func() { r.renewAt = 0 }, "auth.expired": func() { r.renewAt = 0 }, "auth.challenge": func() { r.renewAt = 0 }, // L3.1, K11
		"auth.renewed": func() { r.leaseUntil(f.number("expiresAt")) }, "problem": pick(f["code"] == "auth.unmoved", func() { r.leaseUntil(r.leaseEnds) }, func() { r.refused(f) }), "undelivered": func() { r.refused(f) }, // L3.3
		"control.changed": func() { r.guard.notice(f.inner("control"), f.text("because")) }, "stop": func() { r.guard.order(f, "frame", f.text("session")) }, "bye": func() { r.bye(c, f) },
	}[f.text("type")]
	pick(act != nil, act, func() {})() // an unknown frame says nothing (F3)
}
func (r *robot) refused(by object) { // a signal that is not taken for the moment goes again after 1, 2, 4 … s (S10.1)
	for _, p := range r.peers {
		for _, kept := range p.kept {
			if f, id := kept, kept.text("id"); id == by["id"] && (by["reason"] == "busy" || by["type"] == "problem" && by["code"] != "signal.target") {
				time.AfterFunc(time.Duration(math.Min(30, math.Exp2(p.refusals[id])))*time.Second, func() { r.tasks <- func() { r.send(r.live, f) } })
				p.refusals[id]++
			}
		}
	}
}
func (r *robot) bye(c *websocket.Conn, f object) {
	own := f["cause"] == "superseded" && (r.asking || r.next != nil) // its next connection may have taken over (H6.1)
	if retry := f.inner("retry"); r.lost(c, retry) && retry["policy"] == "never" && !own {
		r.end(f.text("says"), 5)
	}
}
func (r *robot) leaseUntil(expiresAt float64) { // it is renewed when 75 % ± 5 % of what is left of it is over (L3)
	r.leaseEnds, r.renewAt = expiresAt, now()+math.Max(30000, (expiresAt-r.serverTime-now())*(0.7+0.1*rand.Float64()))
}
func (r *robot) welcomed(c *websocket.Conn, f object) {
	session, deadlines, life := f.inner("session"), f.inner("deadlines"), f.inner("deadlines").number("connectionEndsAt")-f.number("serverTime")
	if old := r.live; old != nil && c != old {
		time.AfterFunc(10*time.Second, func() { old.Close() }) // H6.2
	}
	say("online as %s, connection %v", session.text("id"), session["epoch"])
	r.settlesAt, r.live, r.next, r.connectAt, r.iceServers, r.epoch, r.serverTime = pick(c == r.live, r.settlesAt, now()+15000), c, nil, 0, f.list("iceServers"), session.number("epoch"), f.number("serverTime")-now()
	r.handOverAt, r.mustAt = now()+life*(106+6*rand.Float64())/120, now()+life*115/120 // E8
	r.leaseUntil(deadlines.number("authExpiresAt"))
	r.guard.welcomed(f.inner("control"))
	for _, p := range f.list("peers") {
		r.peer(p.text("session")).stands(p, pick(p["state"] == "online", online, away), nil)
	}
}
func (p *peer) signal(data object) { // which is dropped while 256 wait for the peer (S5.1)
	if len(p.kept) < 256 {
		p.seq, p.stream, p.againAt = p.seq+1, pick(p.stream == 0, p.robot.epoch+p.epoch, p.stream), pick(len(p.kept) == 0, now()+3000, p.againAt) // S3.1
		p.kept = append(p.kept, object{"type": "signal", "id": fmt.Sprint(p.session, " ", p.stream, " ", p.seq), "to": p.session, "stream": p.stream, "seq": p.seq, "data": data})
		p.send(p.live, p.kept[len(p.kept)-1])
	}
}
func (p *peer) acknowledged(at object) {
	for at.number("stream") == p.stream && len(p.kept) > 0 && p.kept[0].number("seq") <= at.number("seq") {
		delete(p.refusals, p.kept[0].text("id"))
		p.kept, p.againAt, p.tries = p.kept[1:], pick(p.tries > 0, 0, now()+3000), 0
	}
}
func (p *peer) receive(f object) { // hands signals on in their order, each once (S4)
	p.acknowledged(f.inner("received"))
	stream, seq := f.number("stream"), f.number("seq")
	if stream > p.in.number("stream") && p.epoch > 0 && p.state != ended {
		p.in, p.early = object{"stream": stream, "seq": 0.0}, map[float64]object{}
	}
	if stream == p.in.number("stream") {
		p.ackAt = pick(seq <= p.in.number("seq") || p.unsaid >= 31, 0, math.Min(p.ackAt, now()+900))         // S14
		p.early[seq] = pick(seq > p.in.number("seq") && seq <= p.in.number("seq")+256, f.inner("data"), nil) // S5.1
	}
	for next := p.in.number("seq") + 1; p.early[next] != nil; next++ {
		p.in, p.unsaid = object{"stream": stream, "seq": next}, p.unsaid+1
		p.received[p.session] = p.in
		p.heard(p.early[next])
		delete(p.early, next)
	}
}
func (p *peer) tick() {
	if p.state == online && p.live != nil && len(p.kept) > 0 && due(&p.againAt, 6000*math.Exp2(math.Min(p.tries, 5))) { // S13
		p.tries++
		p.send(p.live, p.kept[0])
	}
	if now() >= p.ackAt {
		p.ackAt, p.unsaid = math.Inf(1), 0
		p.send(p.live, object{"type": "ack", "to": p.session, "received": p.in})
	}
}
func (r *robot) peer(session string) *peer {
	r.peers[session] = pick(r.peers[session] == nil, &peer{robot: r, session: session, ackAt: math.Inf(1), refusals: map[string]float64{}}, r.peers[session])
	return r.peers[session]
}
func (p *peer) stands(info object, state float64, received object) { // is told how it stands
	epoch, instance := info.number("epoch"), info.text("instance")
	if epoch < p.epoch || epoch == p.epoch && state < p.state { // P8
		return
	}
	if another := p.instance != "" && instance != "" && instance != p.instance; another || state == ended { // S7, W5.1
		p.kept, p.stream, p.seq = nil, 0, 0
		p.close()
	}
	p.state, p.epoch, p.instance = state, epoch, pick(instance != "", instance, p.instance)
	p.acknowledged(received)
	p.tries, p.againAt = 0, 0 // the oldest signal goes again at once, and each other once that arrived (S6, S8)
}
func (p *peer) heard(data object) {
	switch data["kind"] {
	case "offer":
		if print := regexp.MustCompile(`a=fingerprint:.*`).FindString(data.text("sdp")); p.pc == nil || p.fingerprint != print { // W6
			p.close()
			p.open()
			p.fingerprint = print
		}
		err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: data.text("sdp")})
		if answer, failed := p.pc.CreateAnswer(nil); err == nil && failed == nil {
			p.signal(object{"kind": "answer", "sdp": answer.SDP, "offer": append(regexp.MustCompile(`a=ice-ufrag:(\S+)`).FindStringSubmatch(data.text("sdp")), "", "")[1]}) // W3.3
			p.pc.SetLocalDescription(answer)
		}
	case "candidate", "candidates": // of one generation, as nobody restarts ICE here (W3)
		p.found = append(p.found, append(data.list("candidates"), data)...)
	case "restart": // pion would, but not with fresh ICE servers: the client is asked once for a new peer connection (W8)
		pick(p.fingerprint != "", p.signal, func(object) {})(object{"kind": "refused", "problem": "peer.unrestartable", "retryAfterMs": 0})
		p.fingerprint = ""
	}
	for ; p.pc != nil && len(p.found) > 0; p.found = p.found[1:] { // an empty one is the last (W3.1), and refused
		p.pc.AddICECandidate(webrtc.ICECandidateInit{Candidate: p.found[0].text("candidate")})
	}
}
func (p *peer) closed(label string) { // one of its channels: the other is good for a stop alone (R7.1, R9)
	p.half = true
	pick(p == p.guard.holder, p.guard.lose, func(string) {})("channel.closed")
	if delete(p.channels, label); len(p.channels) == 0 && p.pc != nil {
		go p.pc.Close()
		p.pc = nil
	}
}
func (p *peer) close() { p.channels = nil; p.closed("") }
func (p *peer) open() {
	config, channels := webrtc.Configuration{}, map[string]*webrtc.DataChannel{}
	for _, s := range p.iceServers {
		server := webrtc.ICEServer{URLs: []string{s.text("urls")}, Username: s.text("username"), Credential: s.text("credential")}
		urls, _ := json.Marshal(s["urls"])
		json.Unmarshal(urls, &server.URLs) // where it is a list
		config.ICEServers = append(config.ICEServers, server)
	}
	pc, err := webrtc.NewPeerConnection(config)
	if err != nil {
		pc, _ = webrtc.NewPeerConnection(webrtc.Configuration{})
	}
	p.pc, p.channels, p.half = pc, channels, false
	then := func(task func()) { // in the robot's goroutine, while this is still the peer connection
		p.tasks <- func() {
			if p.pc == pc {
				task()
			}
		}
	}
	pc.OnICECandidate(func(c *webrtc.ICECandidate) {
		if c != nil {
			found := object{"kind": "candidate", "candidate": c.ToJSON().Candidate, "sdpMid": nil, "sdpMLineIndex": 0}
			then(func() { p.signal(found) })
		}
	})
	pc.OnDataChannel(func(channel *webrtc.DataChannel) { // W1
		channel.OnOpen(func() { then(func() { channels[channel.Label()] = channel; p.guard.greet(p) }) })
		channel.OnClose(func() { then(func() { p.closed(channel.Label()) }) })
		channel.OnMessage(func(m webrtc.DataChannelMessage) { then(func() { p.guard.heard(p, channel, m.Data) }) })
	})
}
func newGuard(r *robot, folder string) *guard {
	g := &guard{robot: r, file: folder + "/stopped", kept: true, keys: map[string]ed25519.PublicKey{}, presses: map[string]float64{}}
	text, err := os.ReadFile(g.file)
	json.Unmarshal(text, &g.stop)
	g.latched = !os.IsNotExist(err) || writeWhole(folder+"/probe", 1) != nil // R18
	g.stop, g.report = pick(g.latched, math.Max(1, g.stop), 0), object{"inForce": g.latched}
	return g
}
func (g *guard) tell(to *peer, m object) { // to everyone, where it is nil
	for _, p := range g.peers {
		if events := p.channels["tether.events"]; events != nil && m != nil && (to == nil || to == p) && (m["type"] != "telemetry" || events.BufferedAmount() == 0) {
			events.SendText(string(m.json()))
		}
	}
}
func (g *guard) greet(p *peer) { // R20
	g.tell(p, pick(g.latched, object{"type": "latched", "stop": g.stop, "kept": g.kept}, nil))
}
func instant(v interface{}) bool { n, ok := v.(float64); return ok && math.Abs(n) <= 8.64e15 }
func whole(v interface{}, least float64) bool { // R19
	n, ok := v.(float64)
	return ok && n == math.Trunc(n) && n >= least && n <= math.MaxInt32
}
func (g *guard) heard(p *peer, channel *webrtc.DataChannel, text []byte) { // a message on a channel
	m, at, label := parse(text), now(), channel.Label()
	t0, given := m["t0"]
	switch kind := label + " " + m.text("type"); {
	case m["type"] == "stop": // whatever else is wrong with it (R17)
		g.order(m, label, p.session)
	case p.half: // R7.1
	case strings.Count(string(text), "{")+strings.Count(string(text), "[") > 64: // no message of this robot's is so deep (R25)
	case kind == "tether.control ping" && (!given || instant(t0)): // R30
		m["type"], m["at"] = "pong", at
		channel.SendText(string(m.json()))
	case kind == "tether.control " && p == g.holder:
		g.command(m)
	case kind == "tether.events permit":
		g.show(p, m.text("permit"))
	case kind == "tether.events clock" && p == g.holder && given && instant(m["t1"]) && g.asked[m.number("t0")]: // R21
		delete(g.asked, m.number("t0"))
		g.samples = append(g.samples, sample{at, at - m.number("t0"), m.number("t1") - (m.number("t0")+at)/2})
	case kind == "tether.events resume" && p == g.holder && g.latched && m["epoch"] == g.epoch && m["stop"] == g.stop && whole(m["seq"], 0):
		g.latched, g.resumedAt, g.seq = false, at, math.Max(g.seq, m.number("seq"))
		g.keep(object{"inForce": false, "session": p.session})
		g.tell(nil, object{"type": "resumed", "stop": g.stop})
		g.tell(p, object{"type": "accepted", "epoch": g.epoch, "seq": g.seq})
	}
}
func (g *guard) order(m object, way, session string) { // a press of stop is numbered once (R7, R16)
	key, id, at := m.text("key"), session+m.text("key"), now()
	before, came := g.presses[id]
	if came && len(key) >= 16 && len(key) <= 64 && g.presses[id+way] != before && at <= before+2000 && (before > g.resumedAt || strings.HasPrefix(key, "once-")) {
		g.presses[id+way] = before
		return
	}
	g.presses[id], g.presses[id+way], g.latched, g.stop = at, at, true, g.stop+1
	g.halt("stop", at)
	g.keep(pick(way == "frame" && m.inner("by") != nil, object{"inForce": true, "by": m["by"]}, pick(strings.HasPrefix(session, "cse_"), object{"inForce": true, "session": session}, object{"inForce": true})))
}
func (g *guard) keep(report object) { // over the end of the program, and tells the broker (R18, P13)
	g.report, g.kept = report, !g.latched || writeWhole(g.file, g.stop) == nil
	pick(g.latched, func(string) error { return nil }, os.Remove)(g.file)
	g.tell(nil, pick(g.kept, nil, object{"type": "latched", "stop": g.stop, "kept": false}))
	g.send(g.live, object{"type": "report", "stop": report})
}
func (g *guard) drive(linear, angular float64, moving bool) {
	say("wheels: left %.3f m/s, right %.3f m/s", linear-angular*0.2, linear+angular*0.2)
	g.linear, g.angular, g.moving = linear, angular, moving
}
func (g *guard) halt(reason string, since float64) { // since it was known (R8)
	g.drive(0, 0, false)
	g.tell(nil, pick(reason == "stop", object{"type": "stopped", "reason": reason, "latencyMs": now() - since, "stop": g.stop}, object{"type": "stopped", "reason": reason, "latencyMs": now() - since}))
}
func (g *guard) lose(reason string) { // the permit
	if holder := g.holder; holder != nil {
		g.holder = nil
		g.halt(reason, now())
		g.tell(holder, pick(reason == "permit.over" || reason == "signalling.away", object{"type": "refused", "epoch": g.epoch, "reason": reason}, nil))
	}
}
func (g *guard) welcomed(control object) {
	for _, k := range control.list("keys") {
		g.keys[k.text("kid")], _ = base64url.DecodeString(pick(k.inner("key")["crv"] == "Ed25519", k.inner("key").text("x"), ""))
	}
	g.vouches, g.awayAt = false, math.Inf(1) // what it vouches for follows (R2.1)
	g.notice(control.inner("control"), "")
	g.send(g.live, object{"type": "report", "stop": g.report})
}
func (g *guard) notice(control object, because string) { // of who holds control
	epoch, named := control.number("epoch"), control.inner("holder").text("session")
	if control == nil || epoch < g.noticed { // R2.1
		return
	} else if epoch > g.known { // R6
		g.lose(pick(named == "" && because == "released", "released", "epoch"))
		g.known, g.named = epoch, named
	} else if epoch == g.known && named != g.named { // R2.2
		g.lose("epoch")
		g.named = "nobody any more"
	}
	g.noticed, g.vouches = epoch, true
}
func (g *guard) until(permit object) (float64, string) { // it is obeyed, by now(), and why no longer (R2)
	over, until := permit.number("expiresAt")-g.serverTime, permit.number("issuedAt")-g.serverTime+20000
	until = pick(g.vouches && g.noticed == permit.number("epoch"), math.Max(until, g.awayAt+20000), until)
	return math.Min(until, over), pick(until < over, "signalling.away", "permit.over")
}
func (g *guard) show(p *peer, jws string) { // a permit (R1)
	parts := append(strings.Split(jws, "."), "", "", "")
	header, _ := base64url.DecodeString(parts[0])
	claims, _ := base64url.DecodeString(parts[1])
	signature, err := base64url.DecodeString(parts[2])
	h, c := parse(header), parse(claims)
	key := g.keys[h.text("kid")]
	signed, named, whole := err == nil && len(key) == ed25519.PublicKeySize && ed25519.Verify(key, []byte(parts[0]+"."+parts[1]), signature), len(parts) == 6 && h["alg"] == "EdDSA" && h["typ"] == "tether-permit" && h["crit"] == nil, whole(c["epoch"], 1) && whole(c["deadmanMs"], 1) && whole(c["maxAgeMs"], 1) && instant(c["issuedAt"]) && instant(c["expiresAt"]) // R1.1
	c = pick(signed && named && whole, c, nil)
	epoch, before := c.number("epoch"), g.serverTime
	g.serverTime = math.Max(before, c.number("issuedAt")-now()) // R1.4
	until, over := g.until(c)
	no := pick(epoch < g.known || epoch == g.known && g.named != p.session, "epoch.old", pick(until <= now(), over, ""))
	no = pick(c["robot"] != g.identity.Robot, "robot.other", pick(c["session"] != p.session, "session.other", no))
	if no = pick(c == nil, "permit.invalid", no); no != "" {
		g.serverTime = before
		g.tell(p, object{"type": "refused", "epoch": epoch, "reason": no})
		return
	} else if epoch > g.known { // R6
		g.lose("epoch")
	}
	if p != g.holder { // R4.4
		g.askAt, g.asks, g.asked, g.samples, g.renewAt = 0, 0, map[float64]bool{}, nil, 0
	}
	g.seq, c = pick(epoch == g.epoch, g.seq, 0), pick(epoch == g.epoch && g.permit.number("issuedAt") > c.number("issuedAt"), g.permit, c) // R1.2
	g.epoch, g.known, g.named, g.permit, g.holder = epoch, epoch, p.session, c, p
	g.tick() // which asks for the time
	g.tell(p, pick(g.latched, object{"type": "accepted", "epoch": epoch, "seq": g.seq, "stop": g.stop}, object{"type": "accepted", "epoch": epoch, "seq": g.seq}))
}
func (g *guard) command(m object) { // of the holder (R4)
	best := sample{roundTrip: math.Inf(1)}
	for i, s := range g.samples { // R4.3
		best = pick(i >= len(g.samples)-8 && s.at >= now()-30000 && s.roundTrip < best.roundTrip, s, best)
	}
	g.tick() // which finds out what is over
	age := now() - (m.number("sentAt") - best.offset)
	known := best.at > 0 && instant(m["sentAt"]) && age <= g.permit.number("maxAgeMs") && age >= -best.roundTrip/2-20 // R4.2, R4.5
	if known && g.holder != nil && !g.latched && m["epoch"] == g.epoch && whole(m["seq"], 1) && m.number("seq") > g.seq {
		linear, angular := m.inner("command").number("linear"), m.inner("command").number("angular")
		share := math.Min(1, math.Min(bound(g.permit["maxLinear"])/math.Abs(linear), bound(g.permit["maxAngular"])/math.Abs(angular))) // R24
		g.seq, g.obeyedAt = m.number("seq"), now()
		g.drive(linear*share, angular*share, true)
	}
}
func bound(most interface{}) float64 { n, is := most.(float64); return pick(is, n, math.Inf(1)) }
func (g *guard) tick() {
	if due(&g.tellAt, 1000) {
		g.tell(nil, object{"type": "telemetry", "telemetry": object{"linear": g.linear, "angular": g.angular}})
		g.tell(g.holder, pick(g.moving, object{"type": "state", "epoch": g.epoch, "moving": true}, nil))
	}
	until, over := g.until(g.permit)
	if dead := g.obeyedAt + g.permit.number("deadmanMs"); g.holder != nil && until <= now() {
		g.lose(over)
	} else if g.moving && dead <= now() { // R5
		g.halt("deadman", dead)
	} else if g.holder != nil && over == "signalling.away" && due(&g.renewAt, 8000) { // R3
		g.tell(g.holder, object{"type": "renew", "epoch": g.epoch})
	} else if g.holder != nil && due(&g.askAt, pick(g.asks < 4, 100.0, 2000.0)) { // R4.4
		at := now()
		g.asks, g.asked[at] = g.asks+1, true
		g.tell(g.holder, object{"type": "clock", "t0": at})
	}
}
