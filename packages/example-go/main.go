// A robot with wheels: example-go FOLDER API CODE. README.md says what it leaves out.
package main

import (
	"fmt"
	"math/rand"
	"os"
	ossignal "os/signal"
	"syscall"
	"time"

	"github.com/gorilla/websocket"
)

func log(line string) { fmt.Fprintln(os.Stderr, line) }

// wheels stand in for a motor controller: replace both methods with what your hardware takes.
type wheels struct{}

func (wheels) command(linear, angular float64) { fmt.Printf("wheels: %g, %g\n", linear, angular) }

func (wheels) stop(reason string) error {
	fmt.Println("wheels: 0, 0:", reason)
	return nil
}

// tick does what time alone brings, every 10 ms. A robot whose loop hangs stops with its driver's own watchdog.
func (s *session) tick() {
	s.guard.tick()
	at, c := now(), s.live
	for _, p := range s.peers {
		if p.ackAt > 0 && at >= p.ackAt {
			if said := p.said(); said != nil {
				s.frame(map[string]any{"type": "ack", "to": p.session, "received": said})
			}
		}
		if next := p.gap(); next > 0 && p.gapAt > 0 && at >= p.gapAt {
			told := p.got
			told.Next = next
			p.gapAt, p.gapTries = at+float64(int(1_000)<<p.gapTries), p.gapTries+1
			if p.gapTries >= 6 {
				p.gapAt = 0
			}
			s.frame(map[string]any{"type": "ack", "to": p.session, "received": told})
		}
		// What is not acknowledged goes again, the oldest alone. S13, S10.1
		if len(p.kept) > 0 && p.online && p.tries < 6 && at >= p.resendAt {
			p.tries++
			p.resendAt = at + float64(int(3_000)<<p.tries)
			s.post(p, p.kept[0])
		}
	}
	if c == nil || !c.isWelcome {
		return
	}
	if at >= c.pingAt {
		c.pingAt = at + 4*60_000*(0.9+0.2*rand.Float64())
		c.write(map[string]any{"type": "ping"})
	}
	// An answer that does not come is asked for by hello; a hello without a welcome is the end of the connection. E10
	if c.askedAt > 0 && c.helloAt == 0 && at >= c.askedAt+5_000 {
		s.hello(c)
	}
	if c.helloAt > 0 && at >= c.helloAt+4_000 {
		c.socket.Close()
	}
	if at >= s.leaseAt && !s.isRenewing {
		s.isRenewing, s.leaseAt = true, at+30_000
		go func() {
			got, err := s.service.ticket("renew", s.instance)
			s.do(func() {
				s.isRenewing = false
				if err == nil {
					s.frame(map[string]any{"type": "auth.renew", "ticket": got.Ticket})
				}
			})
		}()
	}
	if at >= c.replaceAt && !c.isReplacing {
		c.isReplacing = true
		go s.connect1()
	}
}

// connect1 fetches a ticket and reads one connection to its end. E1, T1
func (s *session) connect1() error {
	got, err := s.service.ticket("connect", s.instance)
	if err != nil {
		return err
	}
	dialer := websocket.Dialer{Subprotocols: []string{"tether.v1", "ticket." + got.Ticket}, HandshakeTimeout: 10 * time.Second}
	socket, _, err := dialer.Dial(got.URL, nil)
	if err != nil {
		return err
	}
	socket.SetReadLimit(64 * 1024)
	c := &connection{socket: socket}
	s.do(func() { s.hello(c) })
	lost := time.AfterFunc(4*time.Second, func() {
		s.do(func() {
			if !c.isWelcome {
				socket.Close()
			}
		})
	})
	defer lost.Stop()
	defer socket.Close()
	for {
		kind, text, err := socket.ReadMessage()
		if err != nil {
			ended := make(chan bool)
			s.do(func() {
				if s.live == c {
					s.live = nil
					s.guard.away()
				}
				ended <- c.isWelcome
			})
			if <-ended {
				return nil
			}
			return err
		}
		if kind == websocket.TextMessage {
			s.do(func() { s.hear(c, text) })
		}
	}
}

// stay connects again and again. The waits are drawn from zero to a bound that doubles. E2, E7
func (s *session) stay() {
	bound := 500 * time.Millisecond
	for {
		err := s.connect1()
		if err == nil {
			bound = 500 * time.Millisecond
		} else if isFinal(err) {
			s.left <- err.Error()
			return
		} else {
			log("connection: " + err.Error())
		}
		wait := time.Duration(rand.Float64() * float64(bound))
		if said, isProblem := err.(*refusal); isProblem {
			wait += said.retryAfter
		}
		time.Sleep(wait)
		for isLive := true; isLive; {
			answer := make(chan bool)
			s.do(func() { answer <- s.live != nil })
			if isLive = <-answer; isLive {
				time.Sleep(time.Second)
			}
		}
		if bound *= 2; bound > 15*time.Second {
			bound = 15 * time.Second
		}
	}
}

func run(folder, api, code string) error {
	kept, err := loadIdentity(folder)
	if err != nil {
		return err
	}
	offered := &service{kept: kept}
	if err := offered.enroll(api, code); err != nil {
		return err
	}
	s := &session{service: offered, instance: random(12), loop: make(chan func(), 256), peers: map[string]*peer{},
		left: make(chan string, 4), places: map[string]*places{}}
	s.guard = newGuard(kept.Robot, folder, wheels{})
	s.unreported = map[string]any{"inForce": s.guard.latched}
	s.guard.report = func(stop map[string]any) {
		s.unreported, s.resay = stop, true
		s.frame(map[string]any{"type": "report", "stop": stop})
		s.resay = false
	}
	go s.stay()
	ended := make(chan os.Signal, 1)
	ossignal.Notify(ended, syscall.SIGTERM, syscall.SIGINT)
	ticks := time.NewTicker(10 * time.Millisecond)
	defer ticks.Stop()
	for {
		select {
		case act := <-s.loop:
			act()
		case <-ticks.C:
			s.tick()
		case cause := <-s.left:
			s.guard.end()
			return fmt.Errorf("the session is over: %s", cause)
		case <-ended:
			s.guard.end()
			s.frame(map[string]any{"type": "leave"})
			return nil
		}
	}
}

func main() {
	rand.Seed(time.Now().UnixNano())
	if len(os.Args) < 4 {
		log("example-go FOLDER API CODE")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		log(err.Error())
		os.Exit(1)
	}
}
