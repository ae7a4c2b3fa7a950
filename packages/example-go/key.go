package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
)

var b64 = base64.RawURLEncoding

type jwk struct {
	Crv string `json:"crv"`
	Kty string `json:"kty"`
	X   string `json:"x"`
}

func publicOf(seed []byte) jwk {
	public := ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
	return jwk{Crv: "Ed25519", Kty: "OKP", X: b64.EncodeToString(public)}
}

// kidOf is the RFC 7638 thumbprint: jwk's fields are in the order that it asks for. K1.1
func kidOf(seed []byte) string {
	text, _ := json.Marshal(publicOf(seed))
	sum := sha256.Sum256(text)
	return b64.EncodeToString(sum[:])
}

func random(bytes int) string {
	made := make([]byte, bytes)
	if _, err := rand.Read(made); err != nil {
		panic(err)
	}
	return b64.EncodeToString(made)
}

func sign(seed []byte, header, claims map[string]any) string {
	head, _ := json.Marshal(header)
	body, _ := json.Marshal(claims)
	text := b64.EncodeToString(head) + "." + b64.EncodeToString(body)
	return text + "." + b64.EncodeToString(ed25519.Sign(ed25519.NewKeyFromSeed(seed), []byte(text)))
}

// normalCode is the form in which a one-time code is hashed. N3.1
func normalCode(code string) string {
	return strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(code))
}

// identity is what the robot keeps on its disk. Key is nil before it enrolled; Next is a key whose rotation was begun. N6
type identity struct {
	Robot  string `json:"robot"`
	Origin string `json:"origin"`
	Key    []byte `json:"key"`
	Next   []byte `json:"next,omitempty"`
	folder string
}

func loadIdentity(folder string) (*identity, error) {
	kept := &identity{folder: folder}
	text, err := os.ReadFile(filepath.Join(folder, "robot.json"))
	if os.IsNotExist(err) {
		return kept, os.MkdirAll(folder, 0o700)
	}
	if err != nil {
		return nil, err
	}
	return kept, json.Unmarshal(text, kept)
}

func (kept *identity) save() error {
	text, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(kept.folder, "robot.json"), text)
}

// writeFile leaves the old file or the new one, also where the power fails meanwhile.
func writeFile(path string, text []byte) error {
	file, err := os.OpenFile(path+".new", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if err == nil {
		err = file.Sync()
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}
