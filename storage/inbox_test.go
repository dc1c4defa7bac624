package storage

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"esimbot/esim"
)

func update(id int64) esim.Update {
	return esim.Update{ID: id, Sender: 42, Kind: "message", Raw: fmt.Appendf(nil, `{"update_id":%d}`, id)}
}

func TestInbox(t *testing.T) {
	t.Parallel()
	db, c := open(t)
	fresh := get(db.AddUpdates(t.Context(), []esim.Update{update(2), update(1), update(2)}))(t)
	if !reflect.DeepEqual(fresh, []esim.Update{update(2), update(1)}) {
		t.Errorf("new: %v", fresh)
	}
	fresh = get(db.AddUpdates(t.Context(), []esim.Update{update(1), update(3)}))(t)
	if !reflect.DeepEqual(fresh, []esim.Update{update(3)}) {
		t.Errorf("new the second time: %v", fresh)
	}
	for want := 1; want <= 2; want++ {
		if n := get(db.UpdateFailed(t.Context(), 2, "why"))(t); n != want {
			t.Errorf("failed %d times, want %d", n, want)
		}
	}
	if _, err := db.UpdateFailed(t.Context(), 9, "why"); !errors.Is(err, esim.ErrNotFound) {
		t.Errorf("an update that does not exist: %v", err)
	}
	must(t, db.UpdateHandled(t.Context(), 1))
	left := get(db.UnhandledUpdates(t.Context(), 10))(t)
	failed := update(2)
	failed.Attempts = 2
	if want := []esim.Update{failed, update(3)}; !reflect.DeepEqual(left, want) {
		t.Errorf("left %v, want %v", left, want)
	}
	c.move(48 * time.Hour)
	must(t, db.UpdateHandled(t.Context(), 3))
	must(t, db.PruneInbox(t.Context(), noon.Add(24*time.Hour)))
	if n := number(t, db, `SELECT group_concat(id, '') FROM inbox`); n != 23 {
		t.Errorf("left after pruning: %d, want 2 (not handled) and 3 (handled lately)", n)
	}
}

func TestPruneInboxTakesManyChunks(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	var items []esim.Update
	for i := range int64(2*pruneChunk + 1) {
		items = append(items, update(i))
	}
	get(db.AddUpdates(t.Context(), items))(t)
	get(db.writer.conn.ExecContext(t.Context(), `UPDATE inbox SET handled = received`))(t)
	must(t, db.PruneInbox(t.Context(), noon.Add(time.Second)))
	if n := number(t, db, `SELECT count(*) FROM inbox`); n != 0 {
		t.Errorf("%d left", n)
	}
}

// Telegram may deliver on several connections and again after a time-out.
func TestUpdatesAddedAtOnceAreNeitherLostNorDoubled(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	const callers, each = 32, 50
	var fresh atomic.Int32
	var wg sync.WaitGroup
	for c := range int64(callers) {
		wg.Go(func() {
			for i := range int64(each) {
				id := c/2*each + i // every update comes from two callers
				got, err := db.AddUpdates(t.Context(), []esim.Update{update(id)})
				if err != nil {
					t.Error(err)
				}
				fresh.Add(int32(len(got)))
				if err := db.UpdateHandled(t.Context(), id); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if want := callers / 2 * each; int(fresh.Load()) != want || number(t, db, `SELECT count(*) FROM inbox WHERE handled IS NOT NULL`) != want {
		t.Errorf("%d new, %d stored, want %d", fresh.Load(), number(t, db, `SELECT count(*) FROM inbox`), want)
	}
}

// killMe names the database that a child process of TestKill writes to.
const killMe = "STORAGE_TEST_KILL_ME"

func TestMain(m *testing.M) {
	if path := os.Getenv(killMe); path != "" {
		fmt.Fprintln(os.Stderr, addUntilKilled(path))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// addUntilKilled adds updates from several goroutines and prints the number of each
// when it is told that it is durable.
func addUntilKilled(path string) error {
	db, err := Open(context.Background(), path, Options{})
	if err != nil {
		return err
	}
	failed := make(chan error)
	for c := range int64(8) {
		go func() {
			for id := c; ; id += 8 {
				if _, err := db.AddUpdates(context.Background(), []esim.Update{update(id)}); err != nil {
					failed <- err
				}
				fmt.Fprintf(os.Stdout, "%d\n", id)
			}
		}()
	}
	return <-failed
}

func TestKillLosesNothingAcknowledged(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "esimbot.db")
	for round := range 3 {
		acknowledged := runAndKill(t, path, 400*(round+1))
		db, err := Open(t.Context(), path, Options{}) // and the lock died with its owner
		must(t, err)
		for _, id := range acknowledged {
			if number(t, db, `SELECT count(*) FROM inbox WHERE id = ?`, id) != 1 {
				t.Errorf("round %d: update %s was acknowledged and is gone", round, id)
			}
		}
		must(t, db.Close())
	}
}

// runAndKill kills a child with SIGKILL after it acknowledged n updates, and returns
// all that it acknowledged.
func runAndKill(t *testing.T, path string, n int) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), killMe+"="+path)
	cmd.Stderr = os.Stderr
	out := get(cmd.StdoutPipe())(t)
	must(t, cmd.Start())
	var ids []string
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		ids = append(ids, lines.Text())
		if len(ids) == n {
			must(t, cmd.Process.Kill())
		}
	}
	if err := cmd.Wait(); err == nil || len(ids) < n {
		t.Fatalf("the child ended by itself after %d updates: %v", len(ids), err)
	}
	return ids
}

func TestSecondProcessIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "esimbot.db")
	db := openAt(t, path, Options{})
	if _, err := Open(t.Context(), path, Options{}); !errors.Is(err, ErrInUse) {
		t.Errorf("a second Open in this process: %v", err)
	}
	link := filepath.Join(t.TempDir(), "link.db")
	must(t, os.Symlink(path, link))
	if _, err := Open(t.Context(), link, Options{}); !errors.Is(err, ErrInUse) {
		t.Errorf("a second Open through a link: %v", err)
	}
	if used, err := InUse(t.Context(), link); !used || err != nil {
		t.Errorf("through a link it is said to be in use: %t, %v", used, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0]) // without the lock it would write for ever
	cmd.Env = append(os.Environ(), killMe+"="+path)
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), ErrInUse.Error()) {
		t.Errorf("a second process: %v, %s", err, out)
	}
	must(t, db.Writable(t.Context()))
	must(t, Copy(t.Context(), path, path+".copy")) // looking is allowed
	must(t, db.Close())
	openAt(t, path, Options{})
}

// A link may be there before the file it leads to, as on a new volume.
func TestADatabaseIsMadeWhereALinkLeads(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path, link := filepath.Join(folder, "esimbot.db"), filepath.Join(folder, "link.db")
	must(t, os.Symlink(path, link))
	openAt(t, link, Options{})
	if _, err := Open(t.Context(), path, Options{}); !errors.Is(err, ErrInUse) {
		t.Errorf("a second Open, of the file itself: %v", err)
	}
}

func BenchmarkInbox(b *testing.B) {
	for _, callers := range []int{1, 32} {
		b.Run(fmt.Sprint("callers ", callers), func(b *testing.B) {
			db, _ := open(b)
			var id atomic.Int64
			var wg sync.WaitGroup
			for range callers {
				wg.Go(func() {
					for {
						i := id.Add(1)
						if i > int64(b.N) {
							return
						}
						if _, err := db.AddUpdates(b.Context(), []esim.Update{update(i)}); err != nil {
							b.Error(err)
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "updates/s")
		})
	}
}

// A link that was opened, or a word, is not kept once it is dealt with; what failed is, for who looks into it.
func TestWhatWasHandledIsNotKept(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	_, err := db.AddUpdates(t.Context(), []esim.Update{{ID: 1, Raw: []byte(`/start claim_A`)}, {ID: 2, Raw: []byte(`/start claim_B`)}})
	must(t, err)
	_, err = db.UpdateFailed(t.Context(), 2, "boom")
	must(t, err)
	must(t, db.UpdateHandled(t.Context(), 1, 2))
	raw, err := list(db.read(t.Context()), value[string], `SELECT raw FROM inbox ORDER BY id`)
	must(t, err)
	if len(raw) != 2 || raw[0] != "" || raw[1] != "/start claim_B" {
		t.Errorf("kept: %q", raw)
	}
}
