package crash_test

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/internal/lab/crash"
	"github.com/ankkor/ankkor/internal/lab/servers"
	"github.com/ankkor/ankkor/inventory"
)

// TestServers spoils every call of every story in shops on Postgres and Redis, with WooCommerce and Razorpay behind HTTP.
// What ends like another trial is left out; memory tells those. Of the stories beyond the eight, one trial in four is told,
// and the first of each call in each mode, unless ANKKOR_CRASHES says otherwise.
func TestServers(t *testing.T) {
	address := servers.PostgresURL(t)
	rigs := make(chan *rig, 4)
	for i := range cap(rigs) {
		rigs <- newRig(t, address, fmt.Sprintf("crash%d", i))
	}
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // a third of the work was collecting what thousands of worlds left
	var seen touched
	points, told, every := 0, int64(0), share(t, 1, 30)
	for _, s := range crash.Stories() {
		t.Run(s.Name, func(t *testing.T) {
			tell := func(p crash.Plan) crash.Outcome {
				r := <-rigs
				defer func() { rigs <- r }()
				return inWorld(t, r.world(), s, p)
			}
			base := sound(t, tell)
			points += len(base.Names)
			seen.add(base.Names)
			n, every := int64(0), every
			if s.Further && every == 1 && os.Getenv("ANKKOR_CRASHES") == "" {
				every = 4
			}
			var under sync.WaitGroup
			free := make(chan struct{}, cap(rigs))
			had := map[string]bool{} // of each call, in each mode, the first is told in any case
			for single := range crash.Singles(base, true) {
				what := fmt.Sprint(single.Name, single.Plan.Spoil[single.At], single.Plan.Patient)
				first := s.Further && share(t, 1, 30) == 1 && !had[what]
				if n++; n%every != 0 && !first {
					continue
				}
				had[what] = true
				told++
				free <- struct{}{}
				under.Go(func() {
					defer func() { <-free }()
					out := tell(single.Plan)
					report(t, single.Plan, base.Names, out)
					seen.add(out.Names)
				})
			}
			under.Wait()
			t.Logf("%d points, %d of them its recovery's, %d trials; left out: %v", len(base.Names), len(base.Names)-base.Told, n,
				crash.LeftOut(base, true))
		})
	}
	t.Logf("%d points, %d trials told, one in %d", points, told, every)
	but := noCaller()
	if r := <-rigs; r.cashHistory() == nil {
		but["CashHistory.CashHistory"] = "the store keeps none; see TestSingles"
	}
	seen.judge(t, every, but)
}

// TestClocksAreShifted holds the rig to what it says: the servers' own clocks let a hold expire.
func TestClocksAreShifted(t *testing.T) {
	r := newRig(t, servers.PostgresURL(t), "crash0")
	ctx, item := t.Context(), crash.Item()
	level := []inventory.Level{{Key: item.At(inventory.DefaultLocation), OnHand: 1, Policy: inventory.Deny}}
	for name, at := range map[string]interface {
		inventory.Reserver
		inventory.Levels
	}{"Redis": r.reserver, "Postgres": r.store} {
		t.Run(name, func(t *testing.T) {
			r.check(at.SetLevels(ctx, level))
			for n := range 40 { // a server that answers quickly is asked in another way
				ask := inventory.ReserveRequest{
					ID: fmt.Sprint("hold", n), Owner: "guest:1", Lines: []inventory.Line{{Item: item, Quantity: 1}}, TTL: 15 * time.Minute,
				}
				if _, err := at.Reserve(ctx, ask); err != nil {
					t.Fatal(err)
				}
				ask.ID += "-another"
				if _, err := at.Reserve(ctx, ask); !errors.Is(err, inventory.ErrInsufficient) {
					t.Fatalf("the last piece is held, and another got %v", err)
				}
				r.advance(16 * time.Minute)
			}
		})
	}
}
