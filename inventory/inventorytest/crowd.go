package inventorytest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

const (
	crowdShoppers = 8
	crowdSteps    = 60
	crowdStock    = 25
)

// crowd lets shoppers do everything at once, then holds the levels against the
// reservations that are left.
func crowd(s *store) {
	items := []inventory.Item{shirt, scarf, mug}
	for _, item := range items {
		s.stock(item, crowdStock)
	}
	shoppers := make([]*shopper, crowdShoppers)
	s.together(crowdShoppers, func(i int, client inventory.Reserver) {
		shoppers[i] = &shopper{store: s, client: client, name: fmt.Sprintf("s%d", i), rng: rand.New(rand.NewPCG(uint64(i), 3))}
		for range crowdSteps {
			shoppers[i].step(items)
		}
	})
	held := map[inventory.Item]int64{}
	for _, sh := range shoppers {
		sh.count(held)
	}
	for _, item := range items {
		s.wantReserved(item, held[item])
	}
	for _, sh := range shoppers {
		for _, req := range sh.sent {
			if _, err := s.Reserver.Release(s.Context(), req.ID); err != nil {
				s.Errorf("Release(%s): %v", req.ID, err)
			}
		}
	}
	for _, item := range items {
		s.wantReserved(item, 0)
	}
}

// shopper is one of a crowd: a client, and the requests it was granted.
type shopper struct {
	*store
	client inventory.Reserver
	name   string
	rng    *rand.Rand
	sent   []inventory.ReserveRequest
	n      int
}

func (sh *shopper) step(items []inventory.Item) {
	switch sh.rng.IntN(8) {
	case 0, 1, 2:
		sh.request(items, "")
	case 3:
		sh.request(items, sh.any().ID)
	case 4:
		sh.tolerate(sh.client.Release(sh.Context(), sh.any().ID))
	case 5:
		sh.tolerate(sh.client.Extend(sh.Context(), sh.any().ID, time.Duration(1+sh.rng.IntN(30))*time.Minute))
	case 6:
		if req := sh.any(); len(req.Lines) > 0 {
			sh.tolerate(sh.client.Reserve(sh.Context(), req))
		}
	case 7:
		sh.watch(items)
	}
}

// any is a request granted earlier; before the first, one with an id that is
// not known.
func (sh *shopper) any() inventory.ReserveRequest {
	if len(sh.sent) == 0 {
		return inventory.ReserveRequest{ID: sh.name + ".none"}
	}
	return sh.sent[sh.rng.IntN(len(sh.sent))]
}

func (sh *shopper) request(items []inventory.Item, replaces string) {
	sh.n++
	req := inventory.ReserveRequest{
		ID: fmt.Sprintf("%s.%d", sh.name, sh.n), Owner: sh.name, Replaces: replaces,
		TTL: time.Duration(1+sh.rng.IntN(30)) * time.Minute,
	}
	for range 1 + sh.rng.IntN(3) {
		req.Lines = append(req.Lines, inventory.Line{Item: items[sh.rng.IntN(len(items))], Quantity: 1 + sh.rng.Int64N(4)})
	}
	_, err := sh.client.Reserve(sh.Context(), req)
	sh.tolerate(inventory.Reservation{}, err)
	if err == nil {
		sh.sent = append(sh.sent, req)
	}
}

// watch reads the levels, which must never show more claimed than there is, and
// now and then lets time pass.
func (sh *shopper) watch(items []inventory.Item) {
	levels, err := sh.Levels.Levels(sh.Context(), items)
	if err != nil {
		sh.Errorf("Levels: %v", err)
	}
	for _, l := range levels {
		if l.Reserved < 0 || l.Available() < 0 {
			sh.Errorf("in the crowd: %+v", l)
		}
	}
	if sh.Advance != nil && sh.rng.IntN(4) == 0 {
		sh.Advance(time.Minute)
	}
}

func (sh *shopper) tolerate(_ inventory.Reservation, err error) {
	for _, ok := range []error{nil, inventory.ErrInsufficient, inventory.ErrEnded, inventory.ErrNotFound} {
		if errors.Is(err, ok) {
			return
		}
	}
	sh.Errorf("unexpected error: %v", err)
}

// count adds up what the shopper still holds. Too little time has passed for an
// id to be forgotten.
func (sh *shopper) count(held map[inventory.Item]int64) {
	for _, req := range sh.sent {
		r := sh.look(req)
		if r.State != inventory.Active {
			continue
		}
		for _, h := range r.Lines {
			held[h.Key.Item] += h.Quantity
		}
	}
}
