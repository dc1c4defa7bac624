package i18n

import (
	"io/fs"
	"sync/atomic"
	"testing"
)

// opened counts how often a file is opened.
type opened struct {
	fs.FS
	times *atomic.Int32
}

func (o opened) Open(name string) (fs.File, error) {
	o.times.Add(1)
	return o.FS.Open(name)
}

// TestReadAheadLeavesNothingToRead: once the index was built, the first text that somebody types reads no file.
func TestReadAheadLeavesNothingToRead(t *testing.T) {
	t.Parallel()
	var times atomic.Int32
	b, err := open(opened{localeFiles, &times})
	if err != nil {
		t.Fatal(err)
	}
	b.ReadAhead()
	before := times.Load()
	if q := b.ParseText("japan"); q.Topic != Destination {
		t.Errorf("topic %v", q.Topic)
	}
	if after := times.Load(); before == 0 || after != before {
		t.Errorf("%d files were read ahead, %d when somebody typed", before, after-before)
	}
}
