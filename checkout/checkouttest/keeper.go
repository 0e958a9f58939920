package checkouttest

import (
	"errors"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing"
)

// RunOrderKeeper checks a [checkout.OrderKeeper], which the harness's Orders has to be. Its request is an order of two or
// more pieces of its first line.
func RunOrderKeeper(t *testing.T, fresh func(t *testing.T) OrderHarness) {
	promises := []struct {
		name  string
		check func(*testing.T, *keeperTest)
	}{
		{"an order is read as it was completed", readsOrder},
		{"an order that is not there is not found", readsNothing},
		{"an order is told how it stands", tellsStanding},
		{"an order moves to the status it is told", tellsStatus},
		{"telling twice has one effect", tellsTwice},
		{"cancelling puts the stock back", cancellingRestocks},
		{"a refund shows with its key, its mark and its amount", refundShows},
		{"a refund with restocking puts pieces back, one without does not", refundRestocks},
		{"pieces come back without money", refundOfNothing},
		{"a refund of everything makes the order refunded", refundOfAll},
		{"more than what is left is refused and notes nothing", refundTooMuch},
	}
	for _, p := range promises {
		t.Run(p.name, func(t *testing.T) {
			o := &orderTest{T: t, OrderHarness: fresh(t)}
			keeper, ok := o.Orders.(checkout.OrderKeeper)
			if !ok {
				t.Fatalf("%T is no OrderKeeper", o.Orders)
			}
			p.check(t, &keeperTest{orderTest: o, keeper: keeper})
		})
	}
}

type keeperTest struct {
	*orderTest
	keeper checkout.OrderKeeper
}

func (k *keeperTest) sold() checkout.StoreOrder {
	k.Helper()
	return k.read(k.complete(k.create(token).ID, k.paid()).ID)
}

func (k *keeperTest) read(id int64) checkout.StoreOrder {
	k.Helper()
	o, err := k.keeper.ReadOrder(k.Context(), id)
	if err != nil {
		k.Fatalf("ReadOrder: %v", err)
	}
	return o
}

func (k *keeperTest) tell(id int64, told checkout.Status, status string) checkout.StoreOrder {
	k.Helper()
	o, err := k.keeper.Tell(k.Context(), id, checkout.OrderNews{
		Told: told, Status: status, Shipment: checkout.Shipment{Carrier: "India Post", Tracking: "EX123456789IN"},
	})
	if err != nil {
		k.Fatalf("Tell: %v", err)
	}
	return o
}

const refundKey = "ankkor-part-0123456789abcdef0123456789abcdef"

func (k *keeperTest) refund(o checkout.StoreOrder, amount pricing.Money, pieces int64, restock bool) checkout.StoreOrder {
	k.Helper()
	after, err := k.keeper.AddRefund(k.Context(), o.ID, refundOf(o, amount, pieces, restock))
	if err != nil {
		k.Fatalf("AddRefund: %v", err)
	}
	return after
}

func refundOf(o checkout.StoreOrder, amount pricing.Money, pieces int64, restock bool) checkout.StoreRefundRequest {
	return checkout.StoreRefundRequest{
		Key: refundKey, Reason: "cracked (ref 89abcdef)", Amount: amount, Restock: restock,
		Lines: []checkout.StoreRefundPart{{Line: o.Lines[0].ID, Quantity: pieces, Total: decimal.Zero}},
	}
}

func readsOrder(t *testing.T, k *keeperTest) {
	done := k.complete(k.create(token).ID, k.paid())
	o := k.read(done.ID)
	k.tookEffect(o)
	if o.ID != done.ID || o.Token != token || !o.Total.Equal(done.Total) || len(o.Refunds) != 0 || o.Told != "" || o.ModifiedAt.IsZero() {
		t.Errorf("read %+v, completed %+v", o, done)
	}
	for i, l := range o.Lines {
		if l.ID == 0 {
			t.Errorf("line %d has no id", i)
		}
	}
}

func readsNothing(t *testing.T, k *keeperTest) {
	if _, err := k.keeper.ReadOrder(t.Context(), 999_999_999); !errors.Is(err, checkout.ErrNotFound) {
		t.Errorf("ReadOrder: %v", err)
	}
}

func tellsStanding(t *testing.T, k *keeperTest) {
	was := k.sold()
	o := k.tell(was.ID, checkout.StatusShipped, "")
	if o.Told != checkout.StatusShipped || o.Status != was.Status || !o.Total.Equal(was.Total) || k.read(was.ID).Told != checkout.StatusShipped {
		t.Errorf("told %q, %s", o.Told, o.Status)
	}
	k.tookEffect(o)
}

func tellsStatus(t *testing.T, k *keeperTest) {
	o := k.tell(k.sold().ID, checkout.StatusShipped, "completed")
	if o.Status != "completed" || o.Told != checkout.StatusShipped || k.read(o.ID).Status != "completed" {
		t.Errorf("%s, told %q", o.Status, o.Told)
	}
	k.tookEffect(o)
}

func tellsTwice(_ *testing.T, k *keeperTest) {
	o := k.sold()
	k.tell(o.ID, checkout.StatusShipped, "completed")
	k.tookEffect(k.tell(o.ID, checkout.StatusShipped, "completed"))
}

func cancellingRestocks(t *testing.T, k *keeperTest) {
	o := k.sold()
	k.tell(o.ID, checkout.StatusCancelled, "cancelled")
	if o = k.tell(o.ID, checkout.StatusCancelled, "cancelled"); o.Status != "cancelled" {
		t.Errorf("%s", o.Status)
	}
	for i, l := range o.Lines {
		if l.Reduced != 0 {
			t.Errorf("line %d is still subtracted by %d", i, l.Reduced)
		}
	}
}

// one is the smallest amount in an order's currency.
func (k *keeperTest) one(o checkout.StoreOrder) pricing.Money {
	k.Helper()
	m, err := pricing.New(1, o.Currency)
	if err != nil {
		k.Fatal(err)
	}
	return m
}

func refundShows(t *testing.T, k *keeperTest) {
	o := k.sold()
	after := k.refund(o, k.one(o), 0, false)
	for _, seen := range []checkout.StoreOrder{after, k.read(o.ID)} {
		if len(seen.Refunds) != 1 || seen.Refunds[0].Key != refundKey || seen.Refunds[0].Reason != "cracked (ref 89abcdef)" || !seen.Refunds[0].Amount.Equal(k.one(o)) || seen.Refunds[0].ID == 0 {
			t.Fatalf("refunds %+v", seen.Refunds)
		}
		if seen.Status != o.Status || !seen.Total.Equal(o.Total) {
			t.Errorf("%s, %s", seen.Status, seen.Total)
		}
	}
}

func refundRestocks(t *testing.T, k *keeperTest) {
	o := k.sold()
	if after := k.refund(o, k.one(o), 1, false); after.Lines[0].Reduced != o.Lines[0].Reduced {
		t.Errorf("%d subtracted, and nothing was to be put back", after.Lines[0].Reduced)
	}
	if after := k.refund(o, k.one(o), 1, true); after.Lines[0].Reduced != o.Lines[0].Reduced-1 {
		t.Errorf("%d of %d still subtracted", after.Lines[0].Reduced, o.Lines[0].Reduced)
	}
}

func refundOfNothing(t *testing.T, k *keeperTest) {
	o := k.sold()
	nothing, err := pricing.New(0, o.Currency)
	if err != nil {
		t.Fatal(err)
	}
	after := k.refund(o, nothing, 1, true)
	if after.Lines[0].Reduced != o.Lines[0].Reduced-1 || len(after.Refunds) != 1 || !after.Refunds[0].Amount.IsZero() || after.Status != o.Status {
		t.Errorf("%+v", after)
	}
}

func refundOfAll(t *testing.T, k *keeperTest) {
	o := k.sold()
	if after := k.refund(o, o.Total, 0, false); after.Status != "refunded" || len(after.Refunds) != 1 {
		t.Errorf("%s with %d refunds", after.Status, len(after.Refunds))
	}
}

func refundTooMuch(t *testing.T, k *keeperTest) {
	o := k.sold()
	much, err := o.Total.Add(k.one(o))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.keeper.AddRefund(t.Context(), o.ID, refundOf(o, much, 1, true)); !errors.Is(err, checkout.ErrRefused) || errors.Is(err, checkout.ErrUnknown) {
		t.Errorf("AddRefund: %v", err)
	}
	if after := k.read(o.ID); len(after.Refunds) != 0 || after.Lines[0].Reduced != o.Lines[0].Reduced {
		t.Errorf("%+v", after)
	}
}
