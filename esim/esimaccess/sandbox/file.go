package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// stateVersion is that of the state file. A file of another version is refused.
const stateVersion = 1

// savedState is the state file: what there is in the account, by name, so that it can be read and, with the
// sandbox stopped, be edited. Plans are kept as they were bought.
type savedState struct {
	Version    int              `json:"version"`
	Seed       uint64           `json:"seed"`
	Offset     time.Duration    `json:"clockOffset"` // nanoseconds before real time
	Time       time.Time        `json:"clock"`
	Balance    int64            `json:"balance"`
	Prices     map[string]int64 `json:"prices"`
	Webhook    hook             `json:"webhook"`
	Notified   int              `json:"notified"`
	Sent       int              `json:"sent"`
	Minute     string           `json:"minute"`
	Count      int              `json:"count"`
	Seq        int              `json:"seq"`
	Plans      map[string]*plan `json:"plans"` // by packageCode
	Orders     []savedOrder     `json:"orders"`
	TopUps     []savedTopUp     `json:"topUps"`
	Moves      []savedMove      `json:"moves"`
	Walked     time.Time        `json:"walked"`
	Deliveries []*Delivery      `json:"deliveries"`
}

type savedOrder struct {
	No       string         `json:"orderNo"`
	Tx       string         `json:"transactionId"`
	At       time.Time      `json:"at"`
	Amount   int64          `json:"amount"`
	Told     bool           `json:"told"`
	Looked   bool           `json:"looked"`
	Split    bool           `json:"split,omitempty"`
	Profiles []savedProfile `json:"profiles"`
}

type savedProfile struct {
	TranNo      string      `json:"esimTranNo"`
	Seq         int         `json:"seq"`
	Plan        string      `json:"plan"`
	ICCID       string      `json:"iccid"`
	IMSI        string      `json:"imsi"`
	MSISDN      string      `json:"msisdn"`
	EID         string      `json:"eid"`
	PIN         string      `json:"pin"`
	PUK         string      `json:"puk"`
	APN         string      `json:"apn"`
	Matching    string      `json:"matchingId"`
	Link        string      `json:"link"`
	Late        bool        `json:"late"`
	Parts       []savedPart `json:"parts"`
	Ordered     time.Time   `json:"ordered"`
	Allocated   time.Time   `json:"allocated"`
	Downloaded  time.Time   `json:"downloaded"`
	Installed   time.Time   `json:"installed"`
	Used        time.Time   `json:"used"`
	Removed     time.Time   `json:"removed"`
	Cancelled   time.Time   `json:"cancelled"`
	Revoked     time.Time   `json:"revoked"`
	Cut         time.Time   `json:"cut"`
	Suspended   bool        `json:"suspended"`
	SwitchedOff bool        `json:"switchedOff"`
	Silent      bool        `json:"silent"`
	Burns       []savedBurn `json:"burns"`
	Messages    []string    `json:"messages"`
	Told        told        `json:"told"`
	PhoneSeq    int         `json:"phoneSeq"`
	Twice       bool        `json:"twice,omitempty"`
}

type savedPart struct {
	Plan string    `json:"plan"`
	Days int       `json:"days"`
	At   time.Time `json:"at"`
	Paid int64     `json:"paid"`
}

type savedBurn struct {
	At    time.Time `json:"at"`
	Bytes int64     `json:"bytes"`
}

type savedMove struct {
	Tx    string `json:"transactionId"`
	Units int64  `json:"units"`
}

type savedTopUp struct {
	Seq    int         `json:"seq"`
	TranNo string      `json:"esimTranNo"`
	Tx     string      `json:"transactionId"`
	Of     string      `json:"of"` // esimTranNo
	Part   savedPart   `json:"part"`
	Answer topUpAnswer `json:"answer"`
}

// save needs s.mu. It writes the state if it changed and a file was asked for. Its error is kept
// for [Sandbox.Close] and the control API: the call that happened to be the cause is not to blame.
func (s *Sandbox) save() {
	if !s.dirty || s.opt.File == "" {
		s.dirty = false
		return
	}
	s.dirty = false
	if s.fileErr = writeState(s.opt.File, s.state()); s.fileErr != nil {
		s.dirty = true // tried again with the next change
	}
}

// writeState replaces the file in one step, so that a kill at any moment leaves the old or the new.
// It is not synced to disk: a sandbox may forget its last second when the power fails.
func writeState(name string, st savedState) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*.tmp") // mode 0600
	if err != nil {
		return fmt.Errorf("saving the sandbox's state: %w", err)
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
			err = fmt.Errorf("saving the sandbox's state: %w", err)
		}
	}()
	e := json.NewEncoder(f)
	e.SetIndent("", "\t")
	if err := errors.Join(e.Encode(st), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// readState reads a state file; it is nil if there is none.
func readState(name string) (*savedState, error) {
	if name == "" {
		return nil, nil
	}
	raw, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the sandbox's state: %w", err)
	}
	st := new(savedState)
	if err := json.Unmarshal(raw, st); err != nil {
		return nil, fmt.Errorf("reading the sandbox's state from %s: %w", name, err)
	}
	if st.Version != stateVersion {
		return nil, fmt.Errorf("%s has version %d, this program knows %d", name, st.Version, stateVersion)
	}
	return st, nil
}

// begin takes up a saved state, or starts a new file, so that a place that cannot be written to is
// found at once.
func (s *Sandbox) begin(st *savedState) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if st == nil {
		s.dirty = true
		s.save()
		return s.fileErr
	}
	if err := s.restore(*st); err != nil {
		return fmt.Errorf("%s: %w", s.opt.File, err)
	}
	return nil
}
