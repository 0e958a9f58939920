package pgstore_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/ankkor/ankkor/adapters/pgstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

// serial makes ids fresh.
var serial atomic.Int64

// compare runs both in turn, round by round on one server, and reports the median ratio of their rates. share is how much
// of ours one call of the rival's does.
func compare(b *testing.B, callers, each int, ours, rival func(n int), share float64) {
	b.Helper()
	round := func(call func(int), each int) float64 {
		var wg sync.WaitGroup
		start := time.Now()
		for range callers {
			wg.Go(func() {
				for range each {
					call(int(serial.Add(1)))
				}
			})
		}
		wg.Wait()
		return float64(time.Since(start)) / float64(callers*each)
	}
	round(ours, each)
	round(rival, each)
	var ratios []float64
	var spent, rivals float64
	for b.Loop() {
		mine, theirs := round(ours, each), round(rival, each)/share
		ratios, spent, rivals = append(ratios, theirs/mine), spent+mine, rivals+theirs
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[len(ratios)/2], "ours/rival")
	b.ReportMetric(float64(len(ratios))/spent*1e9, "calls/s")
	b.ReportMetric(float64(len(ratios))/rivals*1e9, "rival/s")
	b.ReportMetric(0, "ns/op")
}

// benchPool is a pool on the schema, as large as it helps the rival.
func benchPool(b *testing.B, size int) *sqlx.DB {
	b.Helper()
	db := connect(b)
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return db
}

// plenty is a store with a lot of each product.
func plenty(b *testing.B, s *shop, skus int) *pgstore.Store {
	b.Helper()
	store := s.openOn(benchPool(b, 16))
	for from := 0; from < skus; from += inventory.MaxBatch {
		var levels []inventory.Level
		for i := from; i < min(skus, from+inventory.MaxBatch); i++ {
			levels = append(levels, inventory.Level{Key: sku(i), OnHand: 1e12, Revision: 1})
		}
		if err := store.SetLevels(context.Background(), levels); err != nil {
			b.Fatal(err)
		}
	}
	return store
}

func sku(n int) inventory.Key {
	return inventory.ProductItem(int64(n + 1)).At(inventory.DefaultLocation)
}

// BenchmarkHotKey allocates one piece of one key, with its ledger entry, against single conditional UPDATEs of one row by
// as many connections as there are callers, which keep no ledger:
//
//	.cache/bin/testenv -durable -with postgres go test -run '^$' -bench HotKey -benchtime 9x ./adapters/pgstore
//
// What sharing saves is the wait for the disk as well as work, so it shows in full on a server with fsync on only. Measured
// on two cores that client and server share, with other work on them (a load of 5 to 9 before a run): 0.4 for one caller,
// 3.1 for 8 and 16 to 19 for 64. The client's share of a call at 64 is 12 µs of a processor.
func BenchmarkHotKey(b *testing.B) {
	for _, callers := range []int{1, 8, 64} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			s := newShop(b)
			store := plenty(b, s, 1)
			s.exec("CREATE TABLE " + s.schema + ".rival (item text PRIMARY KEY, available bigint NOT NULL CHECK (available >= 0))")
			s.exec("INSERT INTO " + s.schema + ".rival VALUES ('product:1', 1000000000000)")
			pool := benchPool(b, callers)
			statement := "UPDATE " + s.schema + ".rival SET available = available - $2 WHERE item = $1 AND available >= $2"
			compare(b, callers, max(8, 4096/callers), func(n int) {
				if _, err := store.Move(context.Background(), allocate(checkout.ID("chk_"+strconv.Itoa(n)), sku(0))); err != nil {
					b.Error(err)
				}
			}, func(int) {
				if _, err := pool.ExecContext(context.Background(), statement, "product:1", 1); err != nil {
					b.Error(err)
				}
			}, 1)
		})
	}
}

// BenchmarkCommit places a checkout of three lines, with its reference and its event, against the same rows written
// statement by statement in one transaction. Measured as above, with a thousand items: 1.9 to 2.1 for one caller, 1.4 to
// 2.4 for 8 and 3.6 to 4.7 for 64; 1.9, 6.9 and 15 where all buy the same three.
//
// Of what the server does for an order, in calls of 32, on a connection that does not wait for the disk (45 to 55 µs): its
// three rows of stock take 10, its three entries of the ledger 13 (nearly half of it the index by item), the record 10, its
// reference 2, its event 2 and the lock of the reservation's name 3. A call costs 100 µs beside, so it is the size of groups
// that decides.
func BenchmarkCommit(b *testing.B) {
	for _, skus := range []int{1000, 3} {
		for _, callers := range []int{1, 8, 64} {
			b.Run(fmt.Sprintf("items=%d/callers=%d", skus, callers), func(b *testing.B) {
				s := newShop(b)
				store := plenty(b, s, skus)
				rival := statements{benchPool(b, 16), s.schema}
				compare(b, callers, max(8, 2048/callers), func(n int) {
					if _, err := store.Commit(context.Background(), placement(n, skus)); err != nil {
						b.Error(err)
					}
				}, func(n int) {
					if err := rival.place(placement(n, skus)); err != nil {
						b.Error(err)
					}
				}, 1)
			})
		}
	}
}

func placement(n, skus int) checkout.Change {
	id := checkout.ID("chk_" + strconv.Itoa(n))
	return checkout.Change{
		Record: record(id),
		Stock:  []inventory.Move{allocate(id, sku(n%skus), sku((n*7+1)%skus), sku((n*13+2)%skus))},
		Bind:   []checkout.Ref{{Kind: checkout.RefIdempotencyKey, Value: "guest:1/" + string(id)}},
		Outbox: []checkout.Event{{ID: string(id) + "-1", Kind: "checkout.placed", Checkout: id, Sequence: 1, At: time.Unix(0, 0), Data: []byte("{}")}},
	}
}

// statements is the rival: one statement for each row.
type statements struct {
	db     *sqlx.DB
	schema string
}

func (r statements) place(c checkout.Change) error {
	ctx := context.Background()
	body, err := json.Marshal(c.Record)
	if err != nil {
		return err
	}
	tx, err := r.db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	do := func(statement string, args ...any) {
		if err == nil {
			_, err = tx.ExecContext(ctx, fmt.Sprintf(statement, r.schema), args...)
		}
	}
	do(`INSERT INTO %s.checkouts (id, owner, version, status, created_at, updated_at, body, chosen) VALUES ($1, $2, 1, '', now(), now(), $3, '{}')`,
		c.Record.ID, c.Record.Owner, string(body))
	lines := slices.SortedFunc(slices.Values(c.Stock[0].Lines), func(a, b inventory.Held) int { return a.Key.Compare(b.Key) })
	for _, h := range lines {
		do(`UPDATE %s.stock SET allocated = allocated + $3, revision = revision + 1 WHERE item = $1 AND location = $2 AND on_hand - allocated >= $3`,
			h.Key.Item, h.Key.Location, h.Quantity)
		do(`INSERT INTO %s.ledger (at, item, location, kind, from_account, to_account, quantity, ref, reason, actor)
			VALUES (now(), $1, $2, 'allocate', 'available', 'allocated', $3, $4, '', '')`, h.Key.Item, h.Key.Location, h.Quantity, c.Record.ID)
	}
	do(`INSERT INTO %s.refs VALUES ($1, $2, $3)`, c.Bind[0].Kind, c.Bind[0].Value, c.Record.ID)
	e := c.Outbox[0]
	do(`INSERT INTO %s.outbox (id, kind, checkout, sequence, at, data) VALUES ($1, $2, $3, $4, $5, $6)`, e.ID, e.Kind, e.Checkout, e.Sequence, e.At, e.Data)
	if err != nil {
		return err
	}
	return tx.Commit()
}

// BenchmarkOutbox fetches and acknowledges a hundred events at a time, against one at a time, and against a hundred that
// are fetched together and then deleted one by one. Measured as above: 65 and 24.
func BenchmarkOutbox(b *testing.B) {
	s := newShop(b)
	store := s.open()
	s.exec("INSERT INTO " + s.schema + ".outbox (id, kind, checkout, sequence, at, data) " +
		"SELECT 'e' || n, 'k', 'c', n, now(), '{}' FROM generate_series(1, 400000) AS n")
	relay := func(limit int) func(int) {
		return func(int) {
			ids := pending(b, store, limit)
			if err := store.Acknowledge(context.Background(), ids...); err != nil {
				b.Error(err)
			}
		}
	}
	b.Run("one at a time", func(b *testing.B) { compare(b, 1, 20, relay(100), relay(1), 0.01) })
	b.Run("each acknowledged", func(b *testing.B) {
		compare(b, 1, 20, relay(100), func(int) {
			for _, id := range pending(b, store, 100) {
				if _, err := s.db.ExecContext(context.Background(), "DELETE FROM "+s.schema+".outbox WHERE id = $1", id); err != nil {
					b.Error(err)
				}
			}
		}, 1)
	})
}

// pending are the oldest events.
func pending(b *testing.B, store *pgstore.Store, limit int) []string {
	b.Helper()
	events, err := store.Pending(context.Background(), limit)
	if err != nil || len(events) != limit {
		b.Errorf("%d events: %v", len(events), err)
	}
	ids := make([]string, len(events))
	for i, e := range events {
		ids[i] = e.ID
	}
	return ids
}
