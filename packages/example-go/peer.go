package main

import (
	"encoding/json"
	"math"
	"regexp"
	"strings"

	"github.com/pion/webrtc/v3"
)

// link is one peer connection. Everything of it but pion's callbacks runs in the session's loop.
type link struct {
	connection   *webrtc.PeerConnection
	fingerprint  string
	early        []webrtc.ICECandidateInit
	pair         *pair
	control      *webrtc.DataChannel
	events       *webrtc.DataChannel
	isUnrestarts bool
}

var fingerprintOf = regexp.MustCompile(`(?i)a=fingerprint:(\S+ \S+)`)

func (l *link) close() {
	go l.connection.Close()
}

// offered answers a client's offer. One with another fingerprint is of a new peer connection. W2, W6
func (s *session) offered(p *peer, sdp string) {
	fingerprint := strings.ToLower(strings.Join(fingerprintOf.FindStringSubmatch(sdp), " "))
	if p.link == nil || p.link.fingerprint != fingerprint {
		if !s.mayConnect(p) {
			return
		}
		s.drop(p)
		if p.link = s.connect(p); p.link == nil {
			return
		}
		p.link.fingerprint = fingerprint
	}
	l := p.link
	if err := l.connection.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: sdp}); err != nil {
		log("offer: " + err.Error())
		return
	}
	for _, candidate := range l.early {
		l.connection.AddICECandidate(candidate)
	}
	l.early = nil
	answer, err := l.connection.CreateAnswer(nil)
	if err != nil {
		log("answer: " + err.Error())
		return
	}
	gathered := webrtc.GatheringCompletePromise(l.connection)
	if err := l.connection.SetLocalDescription(answer); err != nil {
		log("answer: " + err.Error())
		return
	}
	// The answer holds all candidates, so none is sent besides. W3.1
	go func() {
		<-gathered
		s.do(func() {
			if p.link == l {
				s.send(p, map[string]any{"kind": "answer", "sdp": l.connection.LocalDescription().SDP})
			}
		})
	}()
}

func (s *session) candidate(p *peer, candidate webrtc.ICECandidateInit) {
	if p.link == nil || candidate.Candidate == "" {
		return
	}
	if p.link.connection.RemoteDescription() == nil {
		p.link.early = append(p.link.early, candidate)
		return
	}
	p.link.connection.AddICECandidate(candidate)
}

func (s *session) connect(p *peer) *link {
	servers := []webrtc.ICEServer{}
	for _, one := range s.iceServers {
		urls := []string{}
		if url, isOne := one.URLs.(string); isOne {
			urls = append(urls, url)
		} else if many, isMany := one.URLs.([]any); isMany {
			for _, url := range many {
				if text, isText := url.(string); isText {
					urls = append(urls, text)
				}
			}
		}
		servers = append(servers, webrtc.ICEServer{URLs: urls, Username: one.Username, Credential: one.Credential})
	}
	connection, err := webrtc.NewPeerConnection(webrtc.Configuration{ICEServers: servers})
	if err != nil {
		log("peer connection: " + err.Error())
		return nil
	}
	l := &link{connection: connection, pair: &pair{session: p.session}}
	connection.OnDataChannel(func(channel *webrtc.DataChannel) {
		label := channel.Label()
		if label != "tether.control" && label != "tether.events" {
			return
		}
		channel.OnOpen(func() { s.do(func() { s.opened(l, channel) }) })
		channel.OnClose(func() { s.do(func() { s.guard.close(l.pair) }) })
		channel.OnMessage(func(message webrtc.DataChannelMessage) {
			if message.IsString {
				s.do(func() { s.heard(l.pair, label, message.Data) })
			}
		})
	})
	connection.OnICEConnectionStateChange(func(state webrtc.ICEConnectionState) {
		if state == webrtc.ICEConnectionStateDisconnected || state == webrtc.ICEConnectionStateFailed {
			s.do(func() { s.broken(p, l) })
		}
	})
	return l
}

// broken has the client make a new peer connection: this example restarts no ICE. W8
func (s *session) broken(p *peer, l *link) {
	if l == nil || p.link != l || l.isUnrestarts {
		return
	}
	l.isUnrestarts = true
	s.send(p, map[string]any{"kind": "refused", "problem": "peer.unrestartable", "retryAfterMs": 0})
}

func (s *session) drop(p *peer) {
	if p.link != nil {
		s.guard.close(p.link.pair)
		p.link.close()
		p.link = nil
	}
}

func (s *session) opened(l *link, channel *webrtc.DataChannel) {
	if channel.Label() == "tether.control" {
		l.control = channel
	} else {
		l.events = channel
	}
	if l.control == nil || l.events == nil {
		return
	}
	send := func(to *webrtc.DataChannel) func(map[string]any) {
		return func(message map[string]any) {
			text, _ := json.Marshal(message)
			to.SendText(string(text))
		}
	}
	l.pair.control, l.pair.events = send(l.control), send(l.events)
	s.guard.open(l.pair)
}

// whole reads an integer field that the protocol bounds. R19
func whole(message map[string]any, field string) (int, bool) {
	value, isNumber := message[field].(float64)
	return int(value), isNumber && value == math.Trunc(value) && value >= 0 && value <= math.MaxInt32
}

func instant(message map[string]any, field string) (float64, bool) {
	value, isNumber := message[field].(float64)
	return value, isNumber && math.Abs(value) <= 8.64e15
}

func depth(text []byte) int {
	deepest, level, inText := 0, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case inText && c == '\\':
			i++
		case c == '"':
			inText = !inText
		case !inText && (c == '{' || c == '['):
			if level++; level > deepest {
				deepest = level
			}
		case !inText && (c == '}' || c == ']'):
			level--
		}
	}
	return deepest
}

// heard takes a message of a channel; one that does not match its schema is none. R25
func (s *session) heard(p *pair, label string, text []byte) {
	var message map[string]any
	if len(text) > 64*1024 || depth(text) > 64 || json.Unmarshal(text, &message) != nil || message == nil {
		return
	}
	kind, _ := message["type"].(string)
	isControl := label == "tether.control"
	epoch, hasEpoch := whole(message, "epoch")
	seq, hasSeq := whole(message, "seq")
	switch {
	case kind == "stop":
		key, _ := message["key"].(string)
		s.guard.order(strings.TrimPrefix(label, "tether."), key, p.session, nil)
	case p.control == nil:
		// Only a stop counts before both channels are open.
	case isControl && kind == "ping":
		pong := map[string]any{"type": "pong", "at": now()}
		if t0, isThere := instant(message, "t0"); isThere {
			pong["t0"] = t0
		}
		p.control(pong)
	case isControl && message["type"] == nil:
		sentAt, hasSent := instant(message, "sentAt")
		command, hasCommand := message["command"]
		if hasEpoch && hasSeq && hasSent && hasCommand {
			speeds, _ := command.(map[string]any)
			s.guard.command(p, epoch, seq, sentAt, speeds)
		}
	case !isControl && kind == "permit":
		if shown, isText := message["permit"].(string); isText {
			s.guard.show(p, shown)
		}
	case !isControl && kind == "resume":
		if stop, hasStop := whole(message, "stop"); hasEpoch && hasSeq && hasStop {
			s.guard.resume(p, epoch, stop, seq)
		}
	case !isControl && kind == "clock":
		t0, hasAsked := instant(message, "t0")
		if t1, hasTold := instant(message, "t1"); hasAsked && hasTold {
			s.guard.sampled(p, t0, t1)
		}
	}
}
