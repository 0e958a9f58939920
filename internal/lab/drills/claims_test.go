package drills_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/pgstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/internal/lab/servers"
)

// TestClaims: of workers that claim due checkouts at the same time, in processes of
// their own, each checkout has one.
func TestClaims(t *testing.T) {
	const due, workers = 120, 8
	address := servers.PostgresURL(t)
	var stores []*pgstore.Store
	for range workers {
		stores = append(stores, decision(t, database(t, address)))
	}
	for n := range due {
		id := checkout.ID(fmt.Sprintf("chk_%d", n))
		r := checkout.Record{ID: id, Owner: "guest:1", Token: "ank_" + string(id), Policy: checkout.DefaultPolicy()}
		r.DueAt = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
		if _, err := stores[0].Commit(t.Context(), checkout.Change{Record: r}); err != nil {
			t.Fatal(err)
		}
	}
	var mu sync.Mutex
	claimed := map[checkout.ID]int{}
	var wg sync.WaitGroup
	start := make(chan struct{})
	for _, s := range stores {
		wg.Go(func() {
			<-start
			for range due {
				found, err := s.Due(t.Context(), 3, time.Hour)
				if err != nil {
					t.Error(err)
				}
				if len(found) == 0 {
					return
				}
				mu.Lock()
				for _, c := range found {
					claimed[c.ID]++
				}
				mu.Unlock()
			}
		})
	}
	close(start)
	wg.Wait()
	for id, n := range claimed {
		if n != 1 {
			t.Errorf("%s was claimed %d times", id, n)
		}
	}
	if left, err := stores[0].Due(t.Context(), due, time.Hour); err != nil || len(claimed)+len(left) != due {
		t.Errorf("%d claimed and %d left, %v; want %d", len(claimed), len(left), err, due)
	}
}
