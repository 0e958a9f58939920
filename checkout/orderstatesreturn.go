package checkout

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/pricing"
)

// ReturnLine is what of one line of the order came back.
type ReturnLine struct {
	Key      cart.LineKey `json:"key"`
	Quantity int64        `json:"quantity"`
	// Restock says that the pieces can be sold again. Others are written off: they stay subtracted in the store.
	Restock bool `json:"restock,omitempty"`
}

// ReturnRequest says what of a parcel came back: refused at the door, not delivered, or sent back by the customer.
type ReturnRequest struct {
	ID ID
	// Key makes it idempotent: the same key with the same request is noted once, with another it is ErrKeyReused. 1 to 255
	// printable ASCII characters.
	Key string
	// Lines are none for everything that is still out; Restock then says what becomes of it.
	Lines   []ReturnLine
	Restock bool
	Reason  string // one line of at most 200 bytes
	Actor   string
}

// PartReturn is one time that something came back.
type PartReturn struct {
	Key    string       `json:"key"`
	Digest string       `json:"digest"`
	Lines  []ReturnLine `json:"lines"`
	At     time.Time    `json:"at"`
	Reason string       `json:"reason"`
	Actor  string       `json:"actor"`
}

// RecordReturn notes what came back of a parcel. Pieces to be sold again are put back by the store, and so in our books
// once its order is read again: as a refund of no money, or, where nothing was ever paid for the order and all of it can be
// sold again, by cancelling it. Pieces written off stay subtracted there and are booked as lost here. Once everything is
// back the checkout is returned. Money goes back when a person says so, see Refund; a Refund after a return is of money
// alone.
//
// Errors, with nothing written: *InvalidError (nothing was shipped, or not so much is out; key, reason), ErrKeyReused,
// ErrNotFound. An error that wraps ErrUnavailable or ErrUnknown comes with the record: the store is told later.
func (s *Service) RecordReturn(ctx context.Context, req ReturnRequest) (Record, error) {
	if err := checkKey(req.Key); err != nil {
		return Record{}, err
	}
	if req.Reason == "" || len(req.Reason) > maxReason || req.Reason != clip(req.Reason, maxReason) {
		return Record{}, &InvalidError{Field: "reason", Reason: "wants one line of at most 200 bytes"}
	}
	if len(req.Lines) > maxRefundLines {
		return Record{}, &InvalidError{Field: "lines", Reason: "are too many"}
	}
	r, err := s.config.Store.Load(ctx, req.ID)
	if err != nil {
		return Record{}, err
	}
	under, err := s.shippedBy(ctx, r)
	if err != nil {
		return Record{}, err
	}
	return s.operate(ctx, req.ID, func(d *draft) error { return d.takeBack(req, under) })
}

// key is that of the return in the store. Those of two checkouts never meet.
func (req ReturnRequest) key() string {
	sum := sha256.Sum256([]byte(string(req.ID) + " " + req.Key))
	return "ankkor-back-" + hex.EncodeToString(sum[:16])
}

func (req ReturnRequest) digest() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%v %t %q", req.Lines, req.Restock, req.Reason))
	return hex.EncodeToString(sum[:16])
}

func (d *draft) takeBack(req ReturnRequest, under []inventory.Held) error {
	if i := slices.IndexFunc(d.PartReturns, func(p PartReturn) bool { return p.Key == req.key() }); i >= 0 {
		if d.PartReturns[i].Digest != req.digest() {
			return ErrKeyReused
		}
		return nil
	}
	if d.Shipment == nil || !d.inEffect() {
		return &InvalidError{Field: "checkout", Reason: "was not shipped"}
	}
	lines, err := d.returnLines(req)
	if err != nil {
		return err
	}
	d.PartReturns = append(slices.Clone(d.PartReturns), PartReturn{
		Key: req.key(), Digest: req.digest(), Lines: lines, At: d.now, Reason: req.Reason, Actor: clip(req.Actor, maxActor),
	})
	d.writeOff(lines, under, req.Reason)
	d.log(d.now, req.Actor, "came back", describeReturn(lines)+": "+req.Reason)
	if len(d.out()) == 0 {
		d.Returned = &ReturnFact{At: d.now, Reason: req.Reason, Actor: clip(req.Actor, maxActor)}
		if err := d.prepaymentBack(req); err != nil {
			return err
		}
	}
	if d.cancelsByReturn() {
		d.couponBack(req.Reason)
	}
	return nil
}

// returnLines checks what came back against what is out.
func (d *draft) returnLines(req ReturnRequest) ([]ReturnLine, error) {
	out := d.out()
	if len(out) == 0 {
		return nil, &InvalidError{Field: "lines", Reason: "everything is back already"}
	}
	if len(req.Lines) == 0 {
		for i := range out {
			out[i].Restock = req.Restock
		}
		return out, nil
	}
	for n, l := range req.Lines {
		i := slices.IndexFunc(out, func(o ReturnLine) bool { return o.Key == l.Key })
		switch {
		case i < 0:
			return nil, &InvalidError{Field: fmt.Sprintf("lines[%d].key", n), Reason: "is no line of which anything is out"}
		case l.Quantity < 1 || l.Quantity > out[i].Quantity:
			return nil, &InvalidError{Field: fmt.Sprintf("lines[%d].quantity", n), Reason: "is more than what is out, or nothing"}
		}
		out[i].Quantity -= l.Quantity // the same line twice: some to be sold again, some not
	}
	return slices.Clone(req.Lines), nil
}

// out is what of the order's goods was sent and has not come back.
func (r Record) out() []ReturnLine {
	if r.Shipment == nil {
		return nil
	}
	var list []ReturnLine
	for _, l := range r.Lines {
		left := l.Line.Quantity - r.backOf(l.Line.Key)
		if !l.Item.Virtual && left > 0 {
			list = append(list, ReturnLine{Key: l.Line.Key, Quantity: left})
		}
	}
	return list
}

// backOf counts the pieces of a line that came back, or never left because the store has put them back before.
func (r Record) backOf(key cart.LineKey) int64 {
	var n int64
	for _, p := range r.PartReturns {
		for _, l := range p.Lines {
			if l.Key == key {
				n += l.Quantity
			}
		}
	}
	for _, a := range r.Asked {
		for _, l := range a.Lines {
			if a.Restock && l.Key == key {
				n += l.Quantity
			}
		}
	}
	return n
}

func describeReturn(lines []ReturnLine) string {
	var restocked, lost int64
	for _, l := range lines {
		if l.Restock {
			restocked += l.Quantity
		} else {
			lost += l.Quantity
		}
	}
	return fmt.Sprintf("%d to be sold again, %d written off", restocked, lost)
}

// writeOff books pieces that came back and cannot be sold: they come back, and are counted away at once. The order keeps
// them subtracted in the store, unless somebody had it put them back, which a person has to count away there.
func (d *draft) writeOff(lines []ReturnLine, under []inventory.Held, reason string) {
	if under == nil && d.Stock == StockShipped {
		under = d.Allocated
	}
	under = slices.Clone(under)
	var lost []inventory.Held
	for _, l := range lines {
		i := slices.IndexFunc(d.Lines, func(p PricedLine) bool { return p.Line.Key == l.Key })
		if l.Restock || i < 0 || !d.Lines[i].Item.Stock.Managed {
			continue
		}
		item := inventory.Item(d.Lines[i].Item.Stock.Item)
		taken, left := takeFrom(under, item, l.Quantity)
		if lost = append(lost, taken...); left > 0 {
			d.alert(d.now, fmt.Sprintf("%d of %s were written off, and the store has put them back; count them away there", left, item), "")
		}
	}
	away := slices.Clone(lost)
	for i := range away {
		away[i].Quantity = -away[i].Quantity
	}
	d.move(inventory.Return, lost, reason)
	d.move(inventory.Adjust, away, "written off: "+reason)
}

// takeFrom takes n pieces of an item out of those held, at the places that have them, and says how many were missing.
func takeFrom(held []inventory.Held, item inventory.Item, n int64) (taken []inventory.Held, left int64) {
	for i, h := range held {
		if take := min(n, h.Quantity); h.Key.Item == item && take > 0 {
			taken, n = append(taken, inventory.Held{Key: h.Key, Quantity: take}), n-take
			held[i].Quantity -= take
		}
	}
	return taken, n
}

// cancelsByReturn reports whether the store's order is cancelled because its parcel came back: nothing was ever paid for
// it, or no more than a prepayment, and all of it can be sold again, which cancelling does by itself.
func (r Record) cancelsByReturn() bool {
	paid := r.verdict().Outcome.Sale() && r.DueOnDelivery().IsZero()
	if !r.cameBack() || paid || len(r.Remittances) > 0 || len(r.PartReturns) == 0 || r.Placed.Plan.free() {
		return false
	}
	for _, p := range r.PartReturns {
		if slices.ContainsFunc(p.Lines, func(l ReturnLine) bool { return !l.Restock }) {
			return false
		}
	}
	return true
}

// returnsNoted lists the returns that the order in the store is to show.
func (r Record) returnsNoted() []storeRefund {
	if r.cancelsByReturn() || r.Order.Status == storeCancelled { // which has put everything back
		return nil
	}
	var list []storeRefund
	for _, p := range r.PartReturns {
		back := storeRefund{key: p.Key, reason: "Came back: " + p.Reason, restock: true}
		var err error
		if back.amount, err = pricing.New(0, r.Quote.Currency); err != nil { // the order's own
			continue
		}
		for _, l := range p.Lines {
			if l.Restock {
				back.lines = append(back.lines, RefundLine{Key: l.Key, Quantity: l.Quantity, Amount: back.amount})
			}
		}
		if len(back.lines) > 0 {
			list = append(list, back)
		}
	}
	return list
}
