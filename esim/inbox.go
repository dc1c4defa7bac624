package esim

// An Update is one update from the messenger, as the inbox keeps it from before it is
// confirmed until it is handled. What is in it is the messenger's affair.
type Update struct {
	ID       int64 // the messenger's number: told of twice, it is the same update
	Sender   int64 // 0: nobody in particular
	Kind     string
	Raw      []byte
	Attempts int // failed ones
}
