package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

type iceServer struct {
	URLs       any    `json:"urls"`
	Username   string `json:"username"`
	Credential string `json:"credential"`
}

type ticket struct {
	Ticket     string
	URL        string
	ServerTime int64
	Auth       struct{ ExpiresAt int64 }
	Credential *struct{ RotateAfter int64 }
}

// refusal is a problem that the service answered, or any other failure, which is final for nobody (E11).
type refusal struct {
	code       string
	status     int
	serverTime int64
	retryAfter time.Duration
}

func (r *refusal) Error() string { return r.code }

// isFinal says whether asking again is of no use. E3.1
func isFinal(err error) bool {
	var said *refusal
	if !errors.As(err, &said) {
		return false
	}
	switch said.code {
	case "assertion.expired", "assertion.replayed":
		return false
	case "session.superseded":
		return true
	}
	switch said.status {
	case 400, 401, 403, 404, 410, 413, 422:
		return true
	}
	return false
}

type service struct {
	kept *identity
	// ahead is how far the server's clock is ahead of this machine's. E6
	ahead time.Duration
}

func (s *service) now() time.Time { return time.Now().Add(s.ahead) }

func post(url string, body, answer any) error {
	text, _ := json.Marshal(body)
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, "POST", url, bytes.NewReader(text))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	told, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return err
	}
	if strings.HasPrefix(response.Header.Get("Content-Type"), "application/problem+json") {
		var problem struct {
			Code       string
			ServerTime int64
		}
		if json.Unmarshal(told, &problem) == nil {
			seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
			return &refusal{problem.Code, response.StatusCode, problem.ServerTime, time.Duration(seconds) * time.Second}
		}
	}
	if response.StatusCode/100 != 2 {
		return errors.New("not this service's answer: " + response.Status)
	}
	return json.Unmarshal(told, answer)
}

// timed runs what proves a key, and once more by the server's clock where this machine's is wrong. E6
func (s *service) timed(run func() error) error {
	err := run()
	var said *refusal
	if errors.As(err, &said) && said.code == "assertion.clock" && said.serverTime > 0 {
		s.ahead = time.Until(time.UnixMilli(said.serverTime))
		return run()
	}
	return err
}

func (s *service) proof(seed []byte, subject, audience string) string {
	at := s.now().Unix()
	return sign(seed, map[string]any{"alg": "EdDSA", "typ": "tether-proof+jwt"},
		map[string]any{"sub": subject, "aud": audience, "iat": at, "exp": at + 60})
}

func (s *service) assertion(seed []byte) string {
	at := s.now().Unix()
	return sign(seed, map[string]any{"alg": "EdDSA", "typ": "JWT", "kid": kidOf(seed)}, map[string]any{
		"iss": s.kept.Robot, "sub": s.kept.Robot, "aud": s.kept.Origin, "iat": at, "exp": at + 60})
}

func newSeed() []byte {
	seed := make([]byte, 32)
	if _, err := rand.Read(seed); err != nil {
		panic(err)
	}
	return seed
}

// enroll redeems a one-time code. The key is on the disk before, so the same code finishes what was cut off (N5).
func (s *service) enroll(api, code string) error {
	if s.kept.Robot != "" {
		return nil
	}
	origin := strings.TrimRight(api, "/")
	if s.kept.Key == nil {
		s.kept.Key = newSeed()
		if err := s.kept.save(); err != nil {
			return err
		}
	}
	sum := sha256.Sum256([]byte(normalCode(code)))
	var enrolled struct {
		Robot struct{ ID string }
		API   struct{ Origin string }
	}
	err := s.timed(func() error {
		return post(origin+"/v1/enrollments/redeem", map[string]any{
			"code": code, "publicKey": publicOf(s.kept.Key),
			"proof": s.proof(s.kept.Key, b64.EncodeToString(sum[:]), origin)}, &enrolled)
	})
	if err != nil {
		return err
	}
	s.kept.Robot, s.kept.Origin = enrolled.Robot.ID, enrolled.API.Origin
	return s.kept.save()
}

func (s *service) ticketBy(seed []byte, use, instance string) (*ticket, error) {
	var got ticket
	err := s.timed(func() error {
		return post(s.kept.Origin+"/v1/tickets/robot",
			map[string]any{"assertion": s.assertion(seed), "use": use, "instance": instance}, &got)
	})
	if err != nil {
		return nil, err
	}
	if got.Ticket == "" {
		return nil, errors.New("no ticket in the answer")
	}
	return &got, nil
}

// ticket asks with the active key. A key whose rotation was cut off is finished first. K1, K2, K8, N6
func (s *service) ticket(use, instance string) (*ticket, error) {
	if s.kept.Next != nil {
		if got, err := s.ticketBy(s.kept.Next, use, instance); err == nil {
			return got, s.rotated()
		}
		if err := s.announce(); err == nil {
			if got, err := s.ticketBy(s.kept.Next, use, instance); err == nil {
				return got, s.rotated()
			}
		}
	}
	got, err := s.ticketBy(s.kept.Key, use, instance)
	if err == nil && s.kept.Next == nil && got.Credential != nil && got.ServerTime >= got.Credential.RotateAfter {
		s.kept.Next = newSeed()
		if s.kept.save() != nil {
			s.kept.Next = nil
		} else if s.announce() == nil {
			if better, err := s.ticketBy(s.kept.Next, use, instance); err == nil {
				return better, s.rotated()
			}
		}
	}
	return got, err
}

func (s *service) announce() error {
	return s.timed(func() error {
		return post(s.kept.Origin+"/v1/robots/"+s.kept.Robot+"/credentials", map[string]any{"publicKey": publicOf(s.kept.Next),
			"assertion": s.assertion(s.kept.Key), "proof": s.proof(s.kept.Next, s.kept.Robot, s.kept.Origin)}, &struct{}{})
	})
}

func (s *service) rotated() error {
	s.kept.Key, s.kept.Next = s.kept.Next, nil
	return s.kept.save()
}
