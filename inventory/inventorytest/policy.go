package inventorytest

import "github.com/ankkor/ankkor/inventory"

func policies() []promise {
	return []promise{
		{text: "deny promises nothing that is not there", check: denyIgnoresBudget},
		{text: "a backorder goes to its budget and no further", check: backorderToItsBudget},
		{text: "a budget below zero is what is left of it", check: backorderBelowZero},
		{text: "an untracked item never runs out", check: untrackedNeverRunsOut},
		{text: "a policy that changes counts from then on", check: policyChanges},
	}
}

func (s *store) policy(p inventory.Policy, onHand, limit int64) {
	s.Helper()
	s.tell(inventory.Level{Key: shirt.At(inventory.DefaultLocation), OnHand: onHand, Policy: p, BackorderLimit: limit})
}

func denyIgnoresBudget(s *store) {
	s.policy(inventory.Deny, 1, 10)
	s.short(ask("r1", 2), inventory.Shortage{Item: shirt, Want: 2, Have: 1})
}

func backorderToItsBudget(s *store) {
	s.policy(inventory.Backorder, 2, 3)
	s.short(ask("r1", 6), inventory.Shortage{Item: shirt, Want: 6, Have: 5})
	s.reserve(ask("r2", 4))
	s.short(ask("r3", 2), inventory.Shortage{Item: shirt, Want: 2, Have: 1})
	s.reserve(ask("r4", 1))
	s.short(ask("r5", 1), inventory.Shortage{Item: shirt, Want: 1})
	s.wantReserved(shirt, 5)
}

func backorderBelowZero(s *store) {
	s.policy(inventory.Backorder, -2, 3)
	s.short(ask("r1", 2), inventory.Shortage{Item: shirt, Want: 2, Have: 1})
	s.reserve(ask("r2", 1))
}

func untrackedNeverRunsOut(s *store) {
	s.policy(inventory.Untracked, 0, 0)
	s.reserve(ask("r1", inventory.MaxQuantity))
	s.reserve(ask("r2", inventory.MaxQuantity))
	s.wantReserved(shirt, 2*inventory.MaxQuantity)
}

func policyChanges(s *store) {
	s.policy(inventory.Untracked, 0, 0)
	s.policy(inventory.Deny, 1, 0)
	s.short(ask("r1", 2), inventory.Shortage{Item: shirt, Want: 2, Have: 1})
	s.policy(inventory.Backorder, 1, 1)
	s.reserve(ask("r2", 2))
}
