package main

import (
	"encoding/json"

	"github.com/pion/webrtc/v3"
)

type told struct {
	Type, Session, From, To, Reason, Code, Because, Cause, Key string
	Robot                                                      string
	ServerTime, ExpiresAt                                      float64
	Stream, Seq                                                int
	Received                                                   *received
	Data                                                       json.RawMessage
	Peer                                                       *seen
	Control                                                    *controlled
	Retry                                                      struct{ Policy string }
	By                                                         map[string]any
	Epoch                                                      int
}

type seen struct {
	Session, State, Instance string
	Epoch                    int
	User                     struct{ ID string }
}

type controlled struct {
	Epoch  int
	Holder *struct{ Session string }
}

type welcomed struct {
	Session    struct{ Epoch int }
	ServerTime float64
	Deadlines  struct{ AuthExpiresAt, ConnectionEndsAt float64 }
	Peers      []seen
	IceServers []iceServer
	Control    *struct {
		Control controlled
		Keys    []struct {
			Kid string
			Key struct{ X string }
		}
	}
}

// hear takes a frame of the broker. Types and fields that it does not know are nothing to it. F3
func (s *session) hear(c *connection, text []byte) {
	var f told
	c.heardAt, c.askedAt = now(), 0
	if json.Unmarshal(text, &f) != nil && f.Type == "" {
		return
	}
	p := s.peers[f.From]
	switch f.Type {
	case "":
		// The gateway lost some frame. F10
		if !c.isWelcome {
			c.socket.Close()
			return
		}
		for _, p := range s.peers {
			if len(p.kept) > 0 {
				p.resendAt = now() + 1_000
			}
		}
	case "welcome":
		s.welcome(c, text)
	case "peer.online":
		if f.Peer != nil {
			s.came(*f.Peer, f.Received)
		}
	case "peer.away":
		if p := s.peers[f.Session]; p != nil && f.Epoch >= p.epoch {
			p.online, p.epoch = false, f.Epoch
		}
	case "peer.ended":
		if p := s.peers[f.Session]; p != nil && f.Epoch >= p.epoch {
			s.gone(f.Session)
		}
	case "ack":
		if p != nil {
			p.acknowledged(f.Received, now())
			if f.Received != nil && f.Received.Next > 0 {
				for _, one := range p.kept {
					if one.seq < f.Received.Next {
						s.post(p, one)
					}
				}
			}
		}
	case "signal":
		if p != nil {
			p.acknowledged(f.Received, now())
			for _, data := range p.take(f.Stream, f.Seq, f.Data, now()) {
				s.signalled(p, data)
			}
		}
	case "undelivered":
		if p := s.peers[f.To]; p != nil && f.Reason == "busy" {
			s.busy(p)
		} else if p != nil && f.Reason == "ended" {
			p.kept = nil
		}
	case "problem":
		for _, p := range s.peers {
			if len(p.kept) > 0 && f.Code != "signal.target" {
				s.busy(p)
			}
		}
	case "control.changed":
		if f.Control != nil {
			s.control(f.Control, f.Because == "released")
		}
	case "stop":
		s.guard.order("frame", f.Key, f.Session, f.By)
	case "auth.renewed":
		s.lease(f.ExpiresAt - (now() + s.guard.brokerAhead))
	case "auth.challenge", "auth.expiring", "auth.expired":
		s.leaseAt = now()
	case "bye":
		if f.Retry.Policy == "never" && c == s.live {
			s.left <- f.Cause
		}
		c.socket.Close()
	}
}

func (s *session) busy(p *peer) {
	if p.busyMs = p.busyMs * 2; p.busyMs == 0 {
		p.busyMs = 1_000
	}
	if p.busyMs > 30_000 {
		p.busyMs = 30_000
	}
	p.tries, p.resendAt = 0, now()+p.busyMs
}

func (s *session) signalled(p *peer, text json.RawMessage) {
	var data struct {
		Kind, SDP, Candidate string
		SDPMid               *string
		SDPMLineIndex        *uint16
		Candidates           []webrtc.ICECandidateInit
	}
	if json.Unmarshal(text, &data) != nil {
		return
	}
	switch data.Kind {
	case "offer":
		s.offered(p, data.SDP)
	case "candidate":
		s.candidate(p, webrtc.ICECandidateInit{Candidate: data.Candidate, SDPMid: data.SDPMid, SDPMLineIndex: data.SDPMLineIndex})
	case "candidates":
		for _, one := range data.Candidates {
			s.candidate(p, one)
		}
	case "restart":
		s.broken(p, p.link)
	}
}
