package main

import "encoding/json"

type received struct {
	Stream int `json:"stream"`
	Seq    int `json:"seq"`
	Next   int `json:"next,omitempty"`
}

type signal struct {
	stream, seq int
	data        map[string]any
}

// peer is a client session: what was sent to it and not acknowledged, and what came of it.
type peer struct {
	session, instance, user string
	epoch                   int
	online                  bool

	outStream, outSeq int
	kept              []signal
	tries             int
	resendAt          float64
	busyMs            float64

	got       received
	early     map[int]json.RawMessage
	unsaid    int
	ackAt     float64
	gapAt     float64
	gapTries  int
	link      *link
	refusedAt float64
}

// take answers what may be handed on now, in order and each once. S4
func (p *peer) take(stream, seq int, data json.RawMessage, at float64) []json.RawMessage {
	if stream < p.got.Stream {
		return nil
	}
	if stream > p.got.Stream {
		p.got, p.early, p.unsaid, p.gapTries = received{Stream: stream}, map[int]json.RawMessage{}, 0, 0
	}
	if seq <= p.got.Seq {
		p.ackAt = at
		return nil
	}
	if len(p.early) < 256 {
		p.early[seq] = data
	}
	var next []json.RawMessage
	for data, isThere := p.early[p.got.Seq+1]; isThere; data, isThere = p.early[p.got.Seq+1] {
		p.got.Seq++
		delete(p.early, p.got.Seq)
		next = append(next, data)
	}
	p.unsaid++
	if p.ackAt == 0 || p.unsaid >= 32 {
		p.ackAt = at + 1_000
		if p.unsaid >= 32 {
			p.ackAt = at
		}
	}
	if len(p.early) == 0 {
		p.gapAt, p.gapTries = 0, 0
	} else if p.gapAt == 0 && p.gapTries < 6 {
		p.gapAt = at + 1_000
	}
	return next
}

func (p *peer) said() *received {
	if p.got.Stream == 0 {
		return nil
	}
	p.unsaid, p.ackAt = 0, 0
	told := p.got
	return &told
}

// gap is the first place behind what is missing. S9
func (p *peer) gap() int {
	first := 0
	for seq := range p.early {
		if first == 0 || seq < first {
			first = seq
		}
	}
	return first
}

func (p *peer) acknowledged(by *received, at float64) {
	if by == nil || by.Stream != p.outStream {
		return
	}
	for len(p.kept) > 0 && p.kept[0].seq <= by.Seq {
		p.kept = p.kept[1:]
		p.tries, p.busyMs, p.resendAt = 0, 0, at+3_000
	}
}
