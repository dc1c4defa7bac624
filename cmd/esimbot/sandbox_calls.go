package main

import (
	"encoding/json"
	"io"
	"net/http"
	"time"
)

// record lists what the vendor sends to its webhook.
func (l *callList) record(events http.Handler, now func() time.Time) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at, begun := now(), time.Now()
		body := &recordedBody{ReadCloser: r.Body}
		r.Body = body
		answer := &recordedResponse{ResponseWriter: w, status: http.StatusOK}
		events.ServeHTTP(answer, r)
		var event struct {
			NotifyType string `json:"notifyType"`
		}
		_ = json.Unmarshal(body.start, &event) // what is no JSON has no name
		l.add(at, time.Since(begun), panelCall{
			Dir: "vendor→bot", Name: orElse(event.NotifyType, "webhook"), Status: answer.status,
			OK: answer.status == http.StatusOK, Request: string(body.start), Answer: string(answer.start),
		})
	})
}

// recordedBody keeps the start of what is read.
type recordedBody struct {
	io.ReadCloser
	start []byte
}

// Read reads on.
func (o *recordedBody) Read(p []byte) (int, error) {
	n, err := o.ReadCloser.Read(p)
	o.start = append(o.start, p[:min(n, answerShown-len(o.start))]...)
	return n, err
}

// recordedResponse keeps the status and the start of an answer.
type recordedResponse struct {
	http.ResponseWriter
	status int
	start  []byte
}

// Unwrap lets http.ResponseController through.
func (o *recordedResponse) Unwrap() http.ResponseWriter { return o.ResponseWriter }

// WriteHeader notes the status.
func (o *recordedResponse) WriteHeader(status int) {
	o.status = status
	o.ResponseWriter.WriteHeader(status)
}

// Write notes the start.
func (o *recordedResponse) Write(p []byte) (int, error) {
	o.start = append(o.start, p[:min(len(p), answerShown-len(o.start))]...)
	return o.ResponseWriter.Write(p)
}
