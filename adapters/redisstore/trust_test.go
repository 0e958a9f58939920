package redisstore_test

import (
	"crypto/rand"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/ankkor/ankkor/adapters/redisstore"
	"github.com/ankkor/ankkor/inventory"
)

// recheck looks and wants to be told this.
func recheck(t *testing.T, r *redisstore.Reserver, seen int64, doubt bool, want inventory.Memory) inventory.Memory {
	t.Helper()
	got, err := r.Recheck(t.Context(), seen, doubt)
	if err != nil {
		t.Fatal(err)
	}
	if got.Beat <= seen {
		t.Errorf("the beat is %d after %d", got.Beat, seen)
	}
	beat := got.Beat
	got.Beat = 0
	if got != want {
		t.Errorf("Recheck = %+v, want %+v", got, want)
	}
	got.Beat = beat
	return got
}

// dump is what is stored, to be put back within the same process of Redis.
func dump(t *testing.T, client *redis.Client, r *redisstore.Reserver) (restore func()) {
	t.Helper()
	kept := map[string]string{}
	for _, key := range r.Keys() {
		if text, err := client.Dump(t.Context(), key).Result(); err == nil {
			kept[key] = text
		}
	}
	return func() {
		client.Del(t.Context(), r.Keys()...)
		for key, text := range kept {
			if err := client.Restore(t.Context(), key, 0, text).Err(); err != nil {
				t.Fatal(err)
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
	m := recheck(t, r, 0, false, inventory.Memory{Generation: 1, Pending: true, Lost: inventory.Emptied})
	m = recheck(t, r, m.Beat, false, inventory.Memory{Generation: 1, Pending: true})
	retaught(t, r, m.Generation)
	m = recheck(t, r, m.Beat, false, inventory.Memory{Generation: 1})
	m = recheck(t, r, m.Beat, true, inventory.Memory{Generation: 2, Pending: true, Lost: inventory.Doubted})
	retaught(t, r, 1) // of a generation that was given up meanwhile
	m = recheck(t, r, m.Beat, false, inventory.Memory{Generation: 2, Pending: true})
	retaught(t, r, 2)

	old := dump(t, client, r)
	m = recheck(t, r, m.Beat, false, inventory.Memory{Generation: 2})
	old()
	m = recheck(t, r, m.Beat, false, inventory.Memory{Generation: 3, Pending: true, Lost: inventory.WentBack})
	retaught(t, r, 3)

	if err := client.HSet(t.Context(), r.Keys()[0], "run", "another").Err(); err != nil {
		t.Fatal(err)
	}
	m = recheck(t, r, m.Beat, false, inventory.Memory{Generation: 4, Pending: true, Lost: inventory.Moved})
	client.Del(t.Context(), r.Keys()...)
	recheck(t, r, m.Beat, false, inventory.Memory{Generation: 1, Pending: true, Lost: inventory.Emptied})
}

// TestLevelsGivenUp stay in use until they are told anew, at whatever revision; then
// old news is old again.
func TestLevelsGivenUp(t *testing.T) {
	r := open(t, server(t), rand.Text())
	recheck(t, r, 0, false, inventory.Memory{Generation: 1, Pending: true, Lost: inventory.Emptied})
	tell(t, r, product(1), 9, 7)
	tell(t, r, product(1), 3, 6)
	if got := onHand(t, r, product(1)); got != 9 {
		t.Errorf("old news was believed: %d on hand", got)
	}
	recheck(t, r, 0, true, inventory.Memory{Generation: 2, Pending: true, Lost: inventory.Doubted})
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
