package crash_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/ankkor/ankkor/internal/lab/crash"
	"github.com/ankkor/ankkor/internal/lab/servers"
)

// TestServers spoils every call of every story in shops on Postgres and Redis, with WooCommerce and Razorpay behind HTTP.
// What ends like another trial is left out; memory tells those.
func TestServers(t *testing.T) {
	address := servers.PostgresURL(t)
	rigs := make(chan *rig, 4)
	for i := range cap(rigs) {
		rigs <- newRig(t, address, fmt.Sprintf("crash%d", i))
	}
	var seen touched
	points, told, every := 0, int64(0), share(1, 10)
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
			n := int64(0)
			var under sync.WaitGroup
			free := make(chan struct{}, cap(rigs))
			for single := range crash.Singles(base.Names, true) {
				if n++; n%every != 0 {
					continue
				}
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
				crash.LeftOut(base.Names, true))
		})
	}
	t.Logf("%d points, %d trials told, one in %d", points, told, every)
	seen.judge(t, every, noCaller())
}
