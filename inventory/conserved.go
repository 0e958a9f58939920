package inventory

import "fmt"

// Conserved checks that no unit of l.Key appeared or vanished: that the entries,
// posted from nothing, end in exactly the level's accounts, and so that
//
//	available + allocated + sold + shipped = received ± adjusted
//
// with difference 0. The entries must be the key's whole ledger; those of other
// keys are skipped. Reservations move nothing, so they do not count. The error
// is an *ImbalanceError, or an *InvalidError for an entry no [Apply] can write.
func Conserved(entries []Entry, l Level) error {
	balances := map[Account]int64{}
	for i, e := range entries {
		if e.Key != l.Key {
			continue
		}
		if err := e.check(); err != nil {
			return inField(fmt.Sprintf("entries[%d]", i), err)
		}
		balances[e.From] -= e.Quantity
		balances[e.To] += e.Quantity
		if outOfRange(balances[e.From]) || outOfRange(balances[e.To]) {
			return &InvalidError{Field: fmt.Sprintf("entries[%d].quantity", i), Reason: "takes an account out of range"}
		}
	}
	for _, a := range []Account{AccountAvailable, AccountAllocated, AccountSold, AccountShipped} {
		if have := l.balance(a); balances[a] != have {
			return &ImbalanceError{Key: l.Key, Account: a, Ledger: balances[a], Level: have}
		}
	}
	return nil
}

func (e Entry) check() error {
	switch {
	case e.Kind == Repolicy && e.Quantity == 0 && e.From == AccountAvailable && e.To == AccountAvailable:
		return nil
	case e.Quantity <= 0 || e.Quantity > MaxLevel:
		return &InvalidError{Field: "quantity", Reason: "is out of range"}
	case !e.From.known():
		return &InvalidError{Field: "from", Reason: "is not an account"}
	case !e.To.known() || e.To == e.From:
		return &InvalidError{Field: "to", Reason: "is not another account"}
	}
	return nil
}

func (a Account) known() bool {
	switch a {
	case AccountSupplier, AccountAvailable, AccountAllocated, AccountSold, AccountShipped, AccountAdjustment:
		return true
	}
	return false
}

func outOfRange(n int64) bool { return n < -MaxLevel || n > MaxLevel }
