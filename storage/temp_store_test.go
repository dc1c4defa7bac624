package storage

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestNoTemporaryFileIsEverMade: where /tmp and the working folder cannot be written SQLite finds no place for
// temporary files, and 38 payments were given up. Neither the writer nor a reader makes one, whatever needs the
// space: what they hold open is looked at. In a process of its own, since SQLite reads the folder for them
// from the environment that a process begins with.
func TestNoTemporaryFileIsEverMade(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("sorting 30 MB takes SQLite in Go minutes under the race detector")
	}
	const folder = "SQLITE_TMPDIR"
	const fds = "/proc/self/fd"
	if _, err := os.ReadDir(fds); err != nil {
		t.Skip("what a process holds open is told by Linux only")
	}
	dir := os.Getenv(folder)
	if dir == "" {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestNoTemporaryFileIsEverMade$", "-test.v")
		cmd.Env = append(os.Environ(), folder+"="+t.TempDir())
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	look := func(who string) {
		t.Helper()
		for _, fd := range get(os.ReadDir(fds))(t) {
			if name, err := os.Readlink(filepath.Join(fds, fd.Name())); err == nil && strings.HasPrefix(name, dir) {
				t.Errorf("%s made a temporary file: %s", who, name)
			}
		}
	}
	db, _ := open(t)
	const blobs = `WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 30000) SELECT randomblob(1000) AS b FROM c`
	get(db.writer.conn.ExecContext(t.Context(), `CREATE TEMP TABLE big AS `+blobs))(t) // 30 MB, which no cache holds
	look("the writer")
	rows := get(db.reads.QueryContext(t.Context(), blobs+` ORDER BY b`))(t)
	defer rows.Close()
	if !rows.Next() {
		t.Fatal(rows.Err())
	}
	look("a reader")
}
