package main

import (
	"crypto/ed25519"
	"encoding/json"
	"math/rand"
	"time"

	"github.com/gorilla/websocket"
)

// session is everything that outlives a connection to the broker. All of it runs in one loop.
type session struct {
	service    *service
	instance   string
	guard      *guard
	loop       chan func()
	iceServers []iceServer
	peers      map[string]*peer
	epoch      int
	unreported map[string]any
	resay      bool
	leaseAt    float64
	leaseMs    float64
	isRenewing bool
	live       *connection
	left       chan string
	places     map[string]*places
}

type connection struct {
	socket      *websocket.Conn
	isWelcome   bool
	heardAt     float64
	askedAt     float64
	helloAt     float64
	pingAt      float64
	replaceAt   float64
	giveUpAt    float64
	isReplacing bool
}

type places struct{ left, at float64 }

func (s *session) do(act func()) { s.loop <- act }

// mayConnect lets a user make 12 peer connections at once, and one more every 5 s. W7
func (s *session) mayConnect(p *peer) bool {
	at := now()
	of := s.places[p.user]
	if of == nil {
		of = &places{12, at}
		s.places[p.user] = of
	}
	if of.left += (at - of.at) / 5_000; of.left > 12 {
		of.left = 12
	}
	of.at = at
	if of.left >= 1 {
		of.left--
		return true
	}
	wait := (1 - of.left) * 5_000
	if at >= p.refusedAt {
		p.refusedAt = at + wait
		s.send(p, map[string]any{"kind": "refused", "problem": "peer.too-many", "retryAfterMs": int(wait) + 1})
	}
	return false
}

func (s *session) frame(frame map[string]any) {
	if c := s.live; c != nil && c.isWelcome {
		c.write(frame)
	}
}

func (c *connection) write(frame map[string]any) {
	text, _ := json.Marshal(frame)
	c.socket.SetWriteDeadline(time.Now().Add(10 * time.Second))
	if c.socket.WriteMessage(websocket.TextMessage, text) != nil {
		c.socket.Close()
	}
	if kind := frame["type"]; (kind == "signal" || kind == "auth.renew") && c.askedAt == 0 {
		c.askedAt = now()
	}
}

func (s *session) hello(c *connection) {
	got := map[string]any{}
	for id, p := range s.peers {
		if said := p.said(); said != nil {
			got[id] = said
		}
	}
	c.helloAt = now()
	c.write(map[string]any{"type": "hello", "protocol": 1, "features": []string{"keepalive"}, "instance": s.instance, "received": got})
}

// send numbers a signal within a stream that the epochs of both ends name. S3, S3.1
func (s *session) send(p *peer, data map[string]any) {
	if stream := s.epoch + p.epoch; len(p.kept) == 0 && stream > p.outStream {
		p.outStream, p.outSeq = stream, 0
	}
	if len(p.kept) >= 256 {
		return
	}
	p.outSeq++
	one := signal{p.outStream, p.outSeq, data}
	if len(p.kept) == 0 {
		p.tries, p.resendAt = 0, now()+3_000
	}
	p.kept = append(p.kept, one)
	s.post(p, one)
}

func (s *session) post(p *peer, one signal) {
	frame := map[string]any{"type": "signal", "to": p.session, "stream": one.stream, "seq": one.seq, "data": one.data}
	if said := p.said(); said != nil {
		frame["received"] = said
	}
	s.frame(frame)
}

func (s *session) again(p *peer) {
	p.tries, p.resendAt = 0, now()+3_000
	for i, one := range p.kept {
		if i < 32 {
			s.post(p, one)
		}
	}
}

func (s *session) came(one seen, by *received) {
	p := s.peers[one.Session]
	if p == nil {
		p = &peer{session: one.Session, early: map[int]json.RawMessage{}}
		s.peers[one.Session] = p
	}
	if one.Epoch < p.epoch {
		return
	}
	// Another instance of a client has lost its peer connection, and knows nothing of what was sent to it. S7, W5.1
	if one.Instance != "" && p.instance != "" && one.Instance != p.instance {
		s.drop(p)
		p.kept = nil
	}
	p.epoch, p.user, p.online = one.Epoch, one.User.ID, one.State == "online"
	if one.Instance != "" {
		p.instance = one.Instance
	}
	p.acknowledged(by, now())
	if p.online {
		s.again(p)
	}
}

func (s *session) welcome(c *connection, text []byte) {
	var w welcomed
	if json.Unmarshal(text, &w) != nil {
		return
	}
	at := now()
	isFirst := !c.isWelcome
	c.isWelcome, c.helloAt, c.askedAt = true, 0, 0
	if isFirst {
		if before := s.live; before != nil && before != c {
			time.AfterFunc(10*time.Second, func() { before.socket.Close() })
		}
		s.live = c
		life := w.Deadlines.ConnectionEndsAt - w.ServerTime
		c.replaceAt, c.giveUpAt = at+life*(80+30*rand.Float64())/120, at+life*115/120
		c.pingAt = at + 4*60_000*(0.9+0.2*rand.Float64())
	}
	s.epoch, s.iceServers = w.Session.Epoch, w.IceServers
	s.lease(w.Deadlines.AuthExpiresAt - w.ServerTime)
	s.guard.brokerAhead = w.ServerTime - at
	s.guard.online = true
	if w.Control != nil {
		s.guard.keys = map[string]ed25519.PublicKey{}
		for _, one := range w.Control.Keys {
			if key, err := b64.DecodeString(one.Key.X); err == nil && len(key) == ed25519.PublicKeySize {
				s.guard.keys[one.Kid] = key
			}
		}
		s.control(&w.Control.Control, false)
	} else {
		s.guard.noticed = 0
	}
	present := map[string]bool{}
	for _, one := range w.Peers {
		present[one.Session] = true
		s.came(one, nil)
	}
	for id := range s.peers {
		if !present[id] {
			s.gone(id)
		}
	}
	if s.unreported != nil {
		s.frame(map[string]any{"type": "report", "stop": s.unreported})
		if s.resay {
			s.resay = false
		} else {
			s.unreported = nil
		}
	}
}

func (s *session) control(to *controlled, isReleased bool) {
	holder := ""
	if to.Holder != nil {
		holder = to.Holder.Session
	}
	s.guard.notice(to.Epoch, holder, isReleased)
}

func (s *session) gone(id string) {
	if p := s.peers[id]; p != nil {
		s.drop(p)
		delete(s.peers, id)
	}
}

func (s *session) lease(ms float64) {
	wait := ms * (0.70 + 0.10*rand.Float64())
	if wait < 30_000 {
		wait = 30_000
	}
	s.leaseAt, s.isRenewing = now()+wait, false
}
