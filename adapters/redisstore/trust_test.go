package redisstore_test

import (
	"crypto/rand"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/ankkor/ankkor/adapters/redisstore"
	"github.com/ankkor/ankkor/inventory"
)

// eye looks and remembers what it saw.
type eye struct {
	*testing.T
	r    *redisstore.Reserver
	last inventory.Memory
}

// sees looks and wants this loss, levels still to be told or not, and another generation
// if there was a loss.
func (e *eye) sees(doubt bool, lost inventory.Loss, pending bool) {
	e.Helper()
	got, err := e.r.Recheck(e.Context(), e.last.Beat, doubt)
	if err != nil {
		e.Fatal(err)
	}
	if got.Beat <= e.last.Beat {
		e.Errorf("the beat is %d after %d", got.Beat, e.last.Beat)
	}
	if got.Lost != lost || got.Pending != pending || (got.Generation != e.last.Generation) != (lost != "") {
		e.Errorf("Recheck = %+v after %+v, want lost %q, pending %v", got, e.last, lost, pending)
	}
	e.last = got
}

// dump is what is stored, to be put back within the same process of Redis.
func dump(tb testing.TB, client *redis.Client, r *redisstore.Reserver) (restore func()) {
	tb.Helper()
	kept := map[string]string{}
	for _, key := range r.Keys() {
		if text, err := client.Dump(tb.Context(), key).Result(); err == nil {
			kept[key] = text
		}
	}
	return func() {
		client.Del(tb.Context(), r.Keys()...)
		for key, text := range kept {
			if err := client.Restore(tb.Context(), key, 0, text).Err(); err != nil {
				tb.Fatal(err)
			}
		}
	}
}

// onHand is what the Reserver believes.
func onHand(t *testing.T, r *redisstore.Reserver, key inventory.Key) int64 {
	t.Helper()
	levels, err := r.Levels(t.Context(), []inventory.Item{key.Item})
	if err != nil || len(levels) != 1 {
		t.Fatalf("Levels = %v, %v", levels, err)
	}
	return levels[0].OnHand
}

func tell(t *testing.T, r *redisstore.Reserver, key inventory.Key, pieces, revision int64) {
	t.Helper()
	if err := r.SetLevels(t.Context(), []inventory.Level{{Key: key, OnHand: pieces, Revision: revision}}); err != nil {
		t.Fatal(err)
	}
}

func retaught(t *testing.T, r *redisstore.Reserver, generation int64) {
	t.Helper()
	if err := r.Retaught(t.Context(), generation); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsNoticed(t *testing.T) {
	client := server(t)
	r := open(t, client, rand.Text())
	e := &eye{T: t, r: r}
	e.sees(false, inventory.Emptied, true)
	e.sees(false, "", true)
	first := e.last.Generation
	retaught(t, r, first)
	e.sees(false, "", false)
	e.sees(true, inventory.Doubted, true)
	retaught(t, r, first) // which was given up meanwhile
	e.sees(false, "", true)
	retaught(t, r, e.last.Generation)

	old := dump(t, client, r)
	e.sees(false, "", false)
	old()
	e.sees(false, inventory.WentBack, true)
	retaught(t, r, e.last.Generation)

	if err := client.HSet(t.Context(), r.Keys()[0], "run", "another").Err(); err != nil {
		t.Fatal(err)
	}
	e.sees(false, inventory.Moved, true)
	client.Del(t.Context(), r.Keys()...)
	e.sees(false, inventory.Emptied, true)
}

// TestLevelsGivenUp stay in use until they are told anew, at whatever revision; then
// old news is old again.
func TestLevelsGivenUp(t *testing.T) {
	r := open(t, server(t), rand.Text())
	e := &eye{T: t, r: r}
	e.sees(false, inventory.Emptied, true)
	tell(t, r, product(1), 9, 7)
	tell(t, r, product(1), 3, 6)
	if got := onHand(t, r, product(1)); got != 9 {
		t.Errorf("old news was believed: %d on hand", got)
	}
	e.sees(true, inventory.Doubted, true)
	if got := onHand(t, r, product(1)); got != 9 {
		t.Errorf("given up, it knows of %d pieces", got)
	}
	if _, err := r.Reserve(t.Context(), ask("r1", product(1), 4)); err != nil {
		t.Errorf("given up, it refuses: %v", err)
	}
	tell(t, r, product(1), 3, 5)
	if got := onHand(t, r, product(1)); got != 3 {
		t.Errorf("told anew, it knows of %d pieces, want 3", got)
	}
	if n := held(t, r, product(1)); n != 0 {
		t.Errorf("%d pieces of 3 are held", n)
	}
	tell(t, r, product(1), 8, 4)
	if got := onHand(t, r, product(1)); got != 3 {
		t.Errorf("old news was believed after the levels were told anew: %d on hand", got)
	}
}
