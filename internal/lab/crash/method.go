package crash

import (
	"errors"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// Method is one method of a port, and how it can go wrong.
type Method struct {
	Reads   bool  // it has no effect
	Leased  bool  // the Service bounds it by a lease: an effect later than that is what Policy.Settle rules out
	Unsent  error // says that nothing happened
	Unknown error // says that it may have
	Without map[Mode]string
}

// Suffers reports whether the mode makes sense for the method, and if not, why.
func (m Method) Suffers(mode Mode) (why string, ok bool) {
	why, without := m.Without[mode]
	switch {
	case without:
		return why, false
	case m.Reads && mode == Twice:
		return "a read has no effect to repeat", false
	case !m.Reads && mode == Stale:
		return "only a read can tell of the past", false
	}
	return "", true
}

// Alike says which other trial ends in the same state, if one does: where trials are dear, one of them is enough. It
// does not hold where another process goes on meanwhile.
func (m Method) Alike(mode Mode) (other string, ok bool) {
	switch {
	case m.Reads && mode == Lost:
		return "a read whose answer is lost has failed", true
	case m.Reads && mode.Kills():
		return "who dies beside a read is where the write before left them, after which another trial kills", true
	case mode == KillBefore:
		return "who dies before a write is where the write before left them, after which another trial kills", true
	}
	return "", false
}

// stallsFirst reports whether the process stands still before the call. An answer that was read is old by the time it
// is used; so is the lease of a call that had one.
func (m Method) stallsFirst() bool { return !m.Reads && !m.Leased }

// errAway is what storage says: neither the Service nor an adapter's caller may read more into it.
var errAway = errors.New("crash: the other side is away")

// Methods are the methods of all ports that a Service calls, by port and name, those of optional interfaces too.
func Methods() map[string]Method {
	storage := func(reads bool) Method { return Method{Reads: reads, Unsent: errAway, Unknown: errAway} }
	store := func(reads bool) Method {
		m := Method{Reads: reads, Leased: !reads, Unsent: checkout.ErrUnavailable, Unknown: checkout.ErrUnknown}
		if reads {
			m.Unknown = checkout.ErrUnavailable
		}
		return m
	}
	gateway := func(reads bool) Method {
		m := Method{Reads: reads, Leased: !reads, Unsent: payment.ErrUnavailable, Unknown: payment.ErrUnknown}
		if reads {
			m.Unknown = payment.ErrUnavailable
		}
		return m
	}
	hands := map[string]Method{ // whoever claims works under a lease that goes on while the process stands still
		"Store.Due":   {Leased: true, Unsent: errAway, Unknown: errAway},
		"Inbox.Claim": {Leased: true, Unsent: errAway, Unknown: errAway},
	}
	ship := store(false)
	ship.Without = map[Mode]string{
		Twice: "a carrier has no idempotency: a request that is sent again on the way books a second parcel, which the engine " +
			"can only tell people of once it is seen",
	}
	const arithmetic = "verifying is arithmetic in the process: no call is made"
	verify := Method{Without: map[Mode]string{
		FailBefore: arithmetic, Lost: arithmetic, Twice: arithmetic, Delayed: arithmetic, Stale: arithmetic,
	}}
	all := map[string]Method{
		"Shipper.Ship": ship, "Shipper.FindShipment": store(true), "Verifier.VerifyPayment": verify,
		"Store.Due": hands["Store.Due"], "Inbox.Claim": hands["Inbox.Claim"],
	}
	for name, reads := range map[string]bool{
		"Store.Load": true, "Store.Find": true, "Store.Commit": false, "Store.Pending": true, "Store.Acknowledge": false,
		"Store.Entries": true, "Store.Standings": true, "CashHistory.CashHistory": true, "Reserver.Recheck": false,
		"Reserver.Retaught": false, "Reserver.Conclude": false, "Store.Stuck": true, "Store.Tally": true, "Store.Levels": true, "Store.SetLevels": false,
		"Reserver.Reserve": false, "Reserver.Extend": false, "Reserver.Release": false, "Reserver.Levels": true,
		"Reserver.SetLevels": false, "Reserver.LowStock": true, "Carts.Load": true, "Carts.LoadBoth": true, "Carts.Save": false, "Carts.Delete": false,
		"Stock.Stock": true, "Notifier.Notify": false, "Publisher.Publish": false, "Inbox.Put": false, "Inbox.Finish": false,
	} {
		all[name] = storage(reads)
	}
	for name, reads := range map[string]bool{
		"Orders.CreatePending": false, "Orders.FindOrder": true, "Orders.Complete": false, "Orders.Cancel": false,
		"Orders.RestoreSurplus": false, "Orders.ReadOrder": true, "Orders.Tell": false, "Orders.AddRefund": false,
		"Orders.NoteOrder": false, "Orders.Noted": true, "Orders.SettleCash": false, "Catalog.Items": true, "Rules.Rules": true,
		"Quoter.Rates": true, "Quoter.Quote": true, "Pincodes.Pincode": true, "Warehouses.Choose": true,
	} {
		all[name] = store(reads)
	}
	for name, reads := range map[string]bool{
		"Gateway.CreateOrder": false, "Gateway.FindOrder": true, "Gateway.Payments": true, "Gateway.Capture": false,
		"Gateway.Refund": false, "Gateway.FindRefund": true,
	} {
		all[name] = gateway(reads)
	}
	return all
}
