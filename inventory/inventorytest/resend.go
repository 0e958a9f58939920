package inventorytest

import (
	"errors"
	"time"

	"github.com/ankkor/ankkor/inventory"
	"github.com/google/go-cmp/cmp"
)

func resending() []promise {
	return []promise{
		{text: "the same request again is the same reservation", check: sameRequestAgain},
		{text: "the same lines in another order and in parts are the same request", check: sameRequestRearranged},
		{text: "the same request again extends nothing", needs: needs{clock: true}, check: resendExtendsNothing},
		{text: "the same request is granted again when nothing is left", check: resendWhenSoldOut},
		{text: "the same id for other lines is a conflict", check: otherLinesConflict},
		{text: "the same id of another owner is a conflict", check: otherOwnerConflicts},
		{text: "a request repeated after its end takes nothing again", check: resendAfterRelease},
		{text: "an id is remembered for an hour past its expiry", needs: needs{clock: true}, check: idIsRemembered},
	}
}

// again repeats a request and checks that the answer is first and nothing moved.
func (s *store) again(req inventory.ReserveRequest, first inventory.Reservation) {
	s.Helper()
	before := s.levels(s.items...)
	r, err := s.Reserver.Reserve(s.Context(), req)
	if err != nil {
		s.Errorf("the same request again: %v", err)
	}
	if diff := cmp.Diff(first, r); diff != "" {
		s.Errorf("the same request again has another answer (-first +again)\n%s", diff)
	}
	if diff := cmp.Diff(before, s.levels(s.items...)); diff != "" {
		s.Errorf("the same request again moved stock (-before +after)\n%s", diff)
	}
}

func sameRequestAgain(s *store) {
	s.stock(shirt, 10)
	req := ask("r1", 3)
	first := s.reserve(req)
	for range 3 {
		s.again(req, first)
	}
	s.wantReserved(shirt, 3)
}

func sameRequestRearranged(s *store) {
	s.stock(shirt, 10)
	s.stock(scarf, 10)
	a, b := inventory.Line{Item: shirt, Quantity: 3}, inventory.Line{Item: scarf, Quantity: 2}
	first := s.reserve(askFor("r1", a, b))
	s.again(askFor("r1", b, a), first)
	half := inventory.Line{Item: scarf, Quantity: 1}
	s.again(askFor("r1", half, a, half), first)
	longer := askFor("r1", a, b)
	longer.TTL = 2 * ttl
	s.again(longer, first)
}

func resendExtendsNothing(s *store) {
	s.stock(shirt, 10)
	req := ask("r1", 3)
	first := s.reserve(req)
	s.Advance(ttl - time.Minute)
	s.again(req, first)
	s.Advance(time.Minute)
	s.wantState(req, inventory.Expired)
	s.wantReserved(shirt, 0)
}

func resendWhenSoldOut(s *store) {
	s.stock(shirt, 3)
	req := ask("r1", 3)
	s.again(req, s.reserve(req))
}

func otherLinesConflict(s *store) {
	s.stock(shirt, 10)
	s.stock(scarf, 10)
	s.reserve(ask("r1", 3))
	for _, lines := range [][]inventory.Line{
		{{Item: shirt, Quantity: 4}},
		{{Item: shirt, Quantity: 2}},
		{{Item: scarf, Quantity: 3}},
		{{Item: shirt, Quantity: 3}, {Item: scarf, Quantity: 1}},
	} {
		s.refused(askFor("r1", lines...), inventory.ErrConflict)
	}
	s.wantConflict(askFor("r1", inventory.Line{Item: scarf, Quantity: 1}), "r1")
}

func otherOwnerConflicts(s *store) {
	s.stock(shirt, 10)
	s.reserve(ask("r1", 3))
	req := ask("r1", 3)
	req.Owner = "checkout:8"
	s.wantConflict(req, "r1")
	if r, err := s.Reserver.Reserve(s.Context(), req); err == nil || r.ID != "" {
		s.Errorf("another owner was shown %+v, %v", r, err)
	}
}

// wantConflict checks that a request is refused because of the reservation id.
func (s *store) wantConflict(req inventory.ReserveRequest, id string) {
	s.Helper()
	err := s.refused(req, inventory.ErrConflict)
	var conflict *inventory.ConflictError
	if !errors.As(err, &conflict) || conflict.ID != id {
		s.Errorf("got error %v, want a *ConflictError about %s", err, id)
	}
}

func resendAfterRelease(s *store) {
	s.stock(shirt, 10)
	req := ask("r1", 3)
	s.reserve(req)
	s.release("r1", inventory.Released)
	r, err := s.Reserver.Reserve(s.Context(), req)
	s.wantEnded(err, "r1", inventory.Released)
	if r.ID != "r1" || r.State != inventory.Released {
		s.Errorf("got %+v, want the released reservation", r)
	}
	s.wantReserved(shirt, 0)
	s.refused(ask("r1", 4), inventory.ErrConflict)
}

func idIsRemembered(s *store) {
	s.stock(shirt, 10)
	req := ask("r1", 3)
	s.reserve(req)
	s.Advance(ttl + inventory.Remembered - time.Minute)
	_, err := s.Reserver.Reserve(s.Context(), req)
	s.wantEnded(err, "r1", inventory.Expired)
	s.wantReserved(shirt, 0)
	s.release("r1", inventory.Expired)
}
