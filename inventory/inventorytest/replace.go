package inventorytest

import (
	"time"

	"github.com/ankkor/ankkor/inventory"
)

func replacing() []promise {
	return []promise{
		{text: "what is replaced counts as available", check: replacedIsAvailable},
		{text: "what is replaced and not asked again is free", check: replacedIsFreed},
		{text: "a refused replacement leaves the earlier reservation alone", check: refusedReplacement},
		{text: "a refused replacement extends nothing", needs: needs{clock: true}, check: refusedReplacementExtendsNothing},
		{text: "a replacement sent again is the same reservation", check: replacementAgain},
		{text: "another owner's reservation cannot be replaced", check: replaceOfAnotherOwner},
		{text: "a replacement of one that is not there stands alone", check: replaceOfNothing},
		{text: "a replacement of one that has ended stands alone", check: replaceOfEnded},
		{text: "a replacement of an expired one does not free it twice", needs: needs{clock: true}, check: replaceOfExpired},
	}
}

func replace(old string, req inventory.ReserveRequest) inventory.ReserveRequest {
	req.Replaces = old
	return req
}

func replacedIsAvailable(s *store) {
	s.stock(shirt, 5)
	first := ask("r1", 4)
	s.reserve(first)
	s.short(ask("r2", 5), inventory.Shortage{Item: shirt, Want: 5, Have: 1})
	s.reserve(replace("r1", ask("r3", 5)))
	s.wantReserved(shirt, 5)
	s.wantState(first, inventory.Replaced)
	_, err := s.Reserver.Extend(s.Context(), "r1", time.Hour)
	s.wantEnded(err, "r1", inventory.Replaced)
	s.release("r1", inventory.Replaced)
	s.wantReserved(shirt, 5)
}

func replacedIsFreed(s *store) {
	s.stock(shirt, 5)
	s.stock(scarf, 5)
	s.reserve(askFor("r1", inventory.Line{Item: shirt, Quantity: 4}, inventory.Line{Item: scarf, Quantity: 2}))
	s.reserve(replace("r1", askFor("r2", inventory.Line{Item: scarf, Quantity: 5})))
	s.wantReserved(shirt, 0)
	s.wantReserved(scarf, 5)
}

func refusedReplacement(s *store) {
	s.stock(shirt, 5)
	s.stock(scarf, 0)
	first := ask("r1", 4)
	s.reserve(first)
	s.short(replace("r1", ask("r2", 6)), inventory.Shortage{Item: shirt, Want: 6, Have: 5})
	s.short(replace("r1", askFor("r3", inventory.Line{Item: scarf, Quantity: 1})), inventory.Shortage{Item: scarf, Want: 1})
	s.wantState(first, inventory.Active)
	s.wantReserved(shirt, 4)
}

func refusedReplacementExtendsNothing(s *store) {
	s.stock(shirt, 5)
	first := ask("r1", 4)
	s.reserve(first)
	s.Advance(ttl - time.Minute)
	s.short(replace("r1", ask("r2", 6)), inventory.Shortage{Item: shirt, Want: 6, Have: 5})
	s.Advance(time.Minute)
	s.wantState(first, inventory.Expired)
}

func replacementAgain(s *store) {
	s.stock(shirt, 5)
	s.reserve(ask("r1", 4))
	second := replace("r1", ask("r2", 5))
	s.again(second, s.reserve(second))
	s.again(ask("r2", 5), s.look(second))
}

func replaceOfAnotherOwner(s *store) {
	s.stock(shirt, 5)
	first := ask("r1", 4)
	s.reserve(first)
	thief := replace("r1", ask("r2", 5))
	thief.Owner = "checkout:8"
	s.wantConflict(thief, "r1")
	s.wantState(first, inventory.Active)
}

func replaceOfNothing(s *store) {
	s.stock(shirt, 5)
	s.reserve(replace("r0", ask("r1", 3)))
	s.wantReserved(shirt, 3)
	s.short(replace("r0", ask("r2", 3)), inventory.Shortage{Item: shirt, Want: 3, Have: 2})
}

func replaceOfEnded(s *store) {
	s.stock(shirt, 5)
	first := ask("r1", 4)
	s.reserve(first)
	s.release("r1", inventory.Released)
	s.reserve(replace("r1", ask("r2", 5)))
	s.wantState(first, inventory.Released)
	s.wantReserved(shirt, 5)
	s.short(replace("r1", ask("r3", 1)), inventory.Shortage{Item: shirt, Want: 1})
}

func replaceOfExpired(s *store) {
	s.stock(shirt, 5)
	first := ask("r1", 4)
	s.reserve(first)
	s.Advance(ttl)
	s.short(replace("r1", ask("r2", 6)), inventory.Shortage{Item: shirt, Want: 6, Have: 5})
	s.reserve(replace("r1", ask("r3", 5)))
	s.wantState(first, inventory.Expired)
	s.wantReserved(shirt, 5)
}
