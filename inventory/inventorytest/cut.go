package inventorytest

import (
	"time"

	"github.com/ankkor/ankkor/inventory"
)

func cutting() []promise {
	return []promise{
		{text: "a cut of free stock voids nothing", check: cutOfFreeStock},
		{text: "a cut voids the youngest until the rest fits", check: cutVoidsYoungest},
		{text: "a voided reservation gives all its lines back", check: voidedWhole},
		{text: "a voided reservation stays ended", check: voidedStaysEnded},
		{text: "a rise of allocations voids nothing", check: allocationVoidsNothing},
		{text: "a sale of what was allocated voids nothing", check: saleVoidsNothing},
		{text: "a cut never touches what is allocated", check: cutKeepsAllocations},
		{text: "a replacement is as young as its making", check: replacementIsYoung},
		{text: "a smaller backorder budget is a cut", check: budgetCut},
		{text: "an expired reservation is not there to be voided", needs: needs{clock: true}, check: expiredNotVoided},
	}
}

func cutOfFreeStock(s *store) {
	s.stock(shirt, 10)
	req := ask("r1", 4)
	first := s.reserve(req)
	s.stock(shirt, 4)
	s.again(req, first)
}

func cutVoidsYoungest(s *store) {
	s.stock(shirt, 6)
	oldest, middle, youngest := ask("r3", 2), ask("r1", 2), ask("r2", 2)
	first := s.reserve(oldest)
	s.reserve(middle)
	s.reserve(youngest)
	s.stock(shirt, 5)
	s.wantState(youngest, inventory.Voided)
	s.wantState(middle, inventory.Active)
	s.wantReserved(shirt, 4)
	s.stock(shirt, 3)
	s.wantState(middle, inventory.Voided)
	s.again(oldest, first)
	s.wantReserved(shirt, 2)
	s.reserve(ask("r4", 1))
}

func voidedWhole(s *store) {
	s.stock(shirt, 3)
	s.stock(scarf, 3)
	s.reserve(askFor("r1", inventory.Line{Item: shirt, Quantity: 3}, inventory.Line{Item: scarf, Quantity: 3}))
	s.stock(shirt, 2)
	s.wantReserved(shirt, 0)
	s.wantReserved(scarf, 0)
}

func voidedStaysEnded(s *store) {
	s.stock(shirt, 3)
	req := ask("r1", 3)
	s.reserve(req)
	s.stock(shirt, 2)
	s.stock(shirt, 9)
	_, err := s.Reserver.Extend(s.Context(), "r1", time.Hour)
	s.wantEnded(err, "r1", inventory.Voided)
	_, err = s.Reserver.Reserve(s.Context(), req)
	s.wantEnded(err, "r1", inventory.Voided)
	s.release("r1", inventory.Voided)
	s.wantReserved(shirt, 0)
}

func allocationVoidsNothing(s *store) {
	s.stock(shirt, 2)
	a, b := ask("r1", 1), ask("r2", 1)
	s.reserve(a)
	s.reserve(b)
	s.tell(inventory.Level{Key: shirt.At(inventory.DefaultLocation), OnHand: 2, Allocated: 1})
	s.wantState(a, inventory.Active)
	s.wantState(b, inventory.Active)
	s.short(ask("r3", 1), inventory.Shortage{Item: shirt, Want: 1})
	s.release("r1", inventory.Released)
	s.short(ask("r4", 1), inventory.Shortage{Item: shirt, Want: 1})
}

func saleVoidsNothing(s *store) {
	s.stock(shirt, 5)
	bought, other := ask("r1", 3), ask("r2", 2)
	s.reserve(bought)
	s.reserve(other)
	s.tell(inventory.Level{Key: shirt.At(inventory.DefaultLocation), OnHand: 5, Allocated: 3})
	s.tell(inventory.Level{Key: shirt.At(inventory.DefaultLocation), OnHand: 2})
	s.wantState(bought, inventory.Active)
	s.wantState(other, inventory.Active)
	s.release("r1", inventory.Released)
	s.tell(inventory.Level{Key: shirt.At(inventory.DefaultLocation), OnHand: 1})
	s.wantState(other, inventory.Voided)
}

func cutKeepsAllocations(s *store) {
	s.tell(inventory.Level{Key: shirt.At(inventory.DefaultLocation), OnHand: 5, Allocated: 3})
	req := ask("r1", 2)
	s.reserve(req)
	s.tell(inventory.Level{Key: shirt.At(inventory.DefaultLocation), OnHand: 1, Allocated: 3})
	s.wantState(req, inventory.Voided)
	got := s.at(shirt.At(inventory.DefaultLocation))
	if got.Allocated != 3 || got.Oversold() != 2 {
		s.Errorf("got %+v, want 3 allocated and oversold by 2", got)
	}
}

func replacementIsYoung(s *store) {
	s.stock(shirt, 4)
	s.reserve(ask("r1", 2))
	other, swapped := ask("r2", 2), replace("r1", ask("r3", 2))
	s.reserve(other)
	s.reserve(swapped)
	s.stock(shirt, 3)
	s.wantState(other, inventory.Active)
	s.wantState(swapped, inventory.Voided)
}

func budgetCut(s *store) {
	s.policy(inventory.Backorder, 1, 5)
	old, young := ask("r1", 2), ask("r2", 3)
	s.reserve(old)
	s.reserve(young)
	s.policy(inventory.Backorder, 1, 1)
	s.wantState(old, inventory.Active)
	s.wantState(young, inventory.Voided)
}

func expiredNotVoided(s *store) {
	s.stock(shirt, 4)
	young := ask("r2", 2)
	young.TTL = time.Minute
	old := ask("r1", 2)
	s.reserve(old)
	s.reserve(young)
	s.Advance(2 * time.Minute)
	s.stock(shirt, 2)
	s.wantState(young, inventory.Expired)
	s.wantState(old, inventory.Active)
}
