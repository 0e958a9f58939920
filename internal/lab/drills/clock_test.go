package drills_test

import (
	"errors"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"github.com/ankkor/ankkor/adapters/pgstore"
	"github.com/ankkor/ankkor/internal/lab/drills"
	"github.com/ankkor/ankkor/internal/lab/servers"
	"github.com/ankkor/ankkor/inventory"
)

// skews are by how much a client's clock is wrong. In a bubble of synctest it stands
// at midnight of 1 January 2000, a quarter of a century behind, and is moved on from
// there.
func skews() []time.Duration {
	behind := time.Since(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).Truncate(time.Second)
	return []time.Duration{0, behind - 24*time.Hour, behind, behind + 24*time.Hour}
}

// TestClientsClocks: a client whose clock is a day ahead, a day behind or decades off
// gets and gives the same as everybody: times are the server's.
func TestClientsClocks(t *testing.T) {
	t.Run("Redis", func(t *testing.T) {
		server := drills.NewRedis(t, `save ""`)
		clocks(t, reserver(t, server.Client(t)), func(t *testing.T) (drills.Admission, func()) {
			client := redis.NewClient(&redis.Options{Addr: server.Addr, PoolSize: 1})
			return reserver(t, client), func() { _ = client.Close() }
		})
	})
	t.Run("Postgres", func(t *testing.T) {
		address := servers.PostgresURL(t)
		clocks(t, decision(t, database(t, address)), func(t *testing.T) (drills.Admission, func()) {
			db := database(t, address, func(c *pgx.ConnConfig) { c.ConnectTimeout = 0 })
			s, err := pgstore.New(t.Context(), db, pgstore.Config{})
			if err != nil {
				t.Fatal(err)
			}
			return s, func() { _ = db.Close() }
		})
	})
}

// clocks lets clients with wrong clocks meet one whose clock is right.
func clocks(t *testing.T, right drills.Admission, open func(*testing.T) (drills.Admission, func())) {
	if err := right.SetLevels(t.Context(), []inventory.Level{{Key: item.At(inventory.DefaultLocation), OnHand: 1}}); err != nil {
		t.Fatal(err)
	}
	ask := func(id string) inventory.ReserveRequest {
		return inventory.ReserveRequest{ID: id, Owner: id, Lines: []inventory.Line{{Item: item, Quantity: 1}}, TTL: time.Hour}
	}
	for n, skew := range skews() {
		t.Run(skew.String(), func(t *testing.T) {
			first, err := right.Reserve(t.Context(), ask("right."+strconv.Itoa(n)))
			if err != nil {
				t.Fatal(err)
			}
			var theirs inventory.Reservation
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(skew)
				wrong, done := open(t)
				defer done()
				if _, err := wrong.Reserve(t.Context(), ask("wrong."+strconv.Itoa(n))); !errors.Is(err, inventory.ErrInsufficient) {
					t.Errorf("the last piece is held, and a client whose clock is wrong got %v", err)
				}
				if again, err := wrong.Reserve(t.Context(), ask(first.ID)); err != nil || !again.ExpiresAt.Equal(first.ExpiresAt) {
					t.Errorf("it sees the reservation as %+v, %v; want %+v", again, err, first)
				}
				if _, err := wrong.Release(t.Context(), first.ID); err != nil {
					t.Error(err)
				}
				if theirs, err = wrong.Reserve(t.Context(), ask("theirs."+strconv.Itoa(n))); err != nil {
					t.Error(err)
				}
			})
			if d := theirs.ExpiresAt.Sub(first.ExpiresAt); d < 0 || d > 10*time.Minute {
				t.Errorf("what it reserved expires %s after what was reserved just before", d)
			}
			if _, err := right.Release(t.Context(), theirs.ID); err != nil {
				t.Error(err)
			}
		})
	}
}
