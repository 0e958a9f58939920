package checkout_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

var (
	t0    = time.Date(2026, 11, 8, 18, 0, 0, 0, time.UTC)
	due   = pricing.Paise(49900)
	short = pricing.Paise(100)
)

// change makes one fact true of a record.
type change func(*checkout.Record)

// record is a checkout placed at t0, with the facts.
func record(changes ...change) checkout.Record {
	r := checkout.Record{
		ID: "chk_1", Owner: "guest:1", Token: "ank_1", CreatedAt: t0, UpdatedAt: t0, Policy: checkout.DefaultPolicy(),
		Placed: &checkout.Placement{At: t0, PayBy: t0.Add(30 * time.Minute), Plan: checkout.Plan{Online: due}},
		Stock:  checkout.StockAllocated,
	}
	for _, c := range changes {
		c(&r)
	}
	return r
}

func open(r *checkout.Record)   { r.Placed, r.Stock = nil, "" }
func notify(r *checkout.Record) { r.Policy.Notify = true }
func ship(r *checkout.Record)   { r.Policy.Ship = true }

func gatewayOrder(r *checkout.Record) {
	r.Gateway = &payment.Order{ID: "order_00000000000001", Receipt: r.Token, Amount: due, Status: payment.OrderCreated}
}

func cod(r *checkout.Record) {
	r.Placed.Plan = checkout.Plan{OnDelivery: due}
	r.Gateway = &payment.Order{ID: "cod_1", Receipt: r.Token, Amount: due, Status: payment.OrderDueOnDelivery}
}

func orderNoted(r *checkout.Record) { r.Order.NotedAt = t0 }

func settled(r *checkout.Record) { r.Order.SettledAt = t0 }

func remitted(paise int64) change {
	return func(r *checkout.Record) {
		r.Remittances = append(r.Remittances, checkout.Remittance{Key: "utr", Amount: pricing.Paise(paise), At: t0})
	}
}

func free(r *checkout.Record) { r.Placed.Plan = checkout.Plan{} }

func before(r *checkout.Record) { r.Policy.OrderTiming = checkout.OrderBeforePayment }

func cancelled(r *checkout.Record) {
	r.Placed.Cancel, r.Placed.PayBy = "changed my mind", t0
}

func closed(r *checkout.Record) {
	r.Closing, r.Stock = &checkout.Closing{At: t0, Reason: "not paid in time"}, checkout.StockReleased
}

func final(r *checkout.Record) { r.Closing.Final = true }

func unplaceable(r *checkout.Record) { r.Unplaceable = "the stock is gone" }

func looked(after time.Duration) change {
	return func(r *checkout.Record) { r.LookedAt = t0.Add(after) }
}

// paid folds a payment in; its id ends in n.
func paid(n string, s payment.Status, amount pricing.Money) change {
	return func(r *checkout.Record) {
		r.Payments = r.Payments.Fold(payment.Payment{
			ID: "pay_0000000000000" + n, OrderID: r.Gateway.ID, Amount: amount, Status: s, CreatedAt: t0,
		})
	}
}

func refunded(n string) change {
	return func(r *checkout.Record) {
		r.Refunds = append(r.Refunds, checkout.RefundFact{PaymentID: "pay_0000000000000" + n, Amount: due})
	}
}

var captured = paid("1", payment.StatusCaptured, due)

func order(r *checkout.Record) { r.Order = &checkout.OrderFact{ID: 7, Number: "7", Status: "pending"} }

func twice(r *checkout.Record) { r.Order.Twice = true }

func late(r *checkout.Record) { r.Order.Short = true }

func twin(r *checkout.Record) { r.Order.Twins = []int64{8} }

func trashed(id int64) change {
	return func(r *checkout.Record) { r.Order.Trashed = append(r.Order.Trashed, id) }
}

func inEffect(r *checkout.Record) { r.Order.CompletedAt, r.Stock = t0, checkout.StockConfirmed }

func cleared(r *checkout.Record) { r.CartCleared = true }

func told(k checkout.NoticeKind) change {
	return func(r *checkout.Record) {
		if r.Notified == nil {
			r.Notified = map[checkout.NoticeKind]time.Time{}
		}
		r.Notified[k] = t0
	}
}

func shipment(r *checkout.Record) { r.Shipment = &checkout.Shipment{Tracking: "AWB1"} }

// intent is an attempt: sent is when, or never; the lease ends and the next try comes as given after t0.
func intent(k checkout.EffectKind, ref string, sent bool, until, notBefore time.Duration) change {
	return func(r *checkout.Record) {
		i := checkout.Intent{Effect: k, Ref: ref, Until: t0.Add(until), NotBefore: t0.Add(notBefore), Attempts: 1}
		if sent {
			i.SentAt = t0
		}
		r.Intents = append(r.Intents, i)
	}
}

func dead(r *checkout.Record) { r.Intents[len(r.Intents)-1].Dead = true }

// TestNext walks the records a checkout can reach and says what is to be done for each.
func TestNext(t *testing.T) {
	const minute = time.Minute
	pay1 := "pay_00000000000001"
	effect := func(k checkout.EffectKind, ref string) checkout.Effect { return checkout.Effect{Kind: k, Ref: ref} }
	find := func(k checkout.EffectKind, ref string) checkout.Effect {
		return checkout.Effect{Kind: k, Ref: ref, Find: true}
	}
	until := func(after time.Duration) checkout.Effect {
		return checkout.Effect{Kind: checkout.EffectWait, Until: t0.Add(after)}
	}
	nothing := effect(checkout.EffectNone, "")
	done := []change{gatewayOrder, captured, order, inEffect, cleared}
	with := func(base []change, more ...change) []change { return append(append([]change{}, base...), more...) }

	tests := []struct {
		name string
		now  time.Duration // after t0
		is   []change
		want checkout.Effect
	}{
		{"open, choosing", 0, []change{open}, until(time.Hour)},
		{"open, idle", time.Hour, []change{open}, effect(checkout.EffectAbandon, "")},
		{"open, closed", time.Hour, []change{open, func(r *checkout.Record) { r.Closing = &checkout.Closing{} }}, nothing},

		{"just placed", 0, nil, effect(checkout.EffectCreateGatewayOrder, "")},
		{"placed, gateway never reached", 30 * minute, nil, effect(checkout.EffectClose, "")},
		{"placed, order wanted first", 0, []change{before}, effect(checkout.EffectCreateOrder, "")},
		{"placed, order made first", 0, []change{before, order}, effect(checkout.EffectCreateGatewayOrder, "")},
		{"placed, order made first, window closed", 30 * minute, []change{before, order}, effect(checkout.EffectClose, "")},
		{"nothing to pay", 0, []change{free}, effect(checkout.EffectCreateOrder, "")},

		{"waiting for money", 0, []change{gatewayOrder}, until(minute)},
		{"first poll", minute, []change{gatewayOrder}, effect(checkout.EffectInspectPayments, "")},
		{"polled once", minute, []change{gatewayOrder, looked(minute)}, until(5 * minute)},
		{"the window closes before the next poll", 20 * minute, []change{gatewayOrder, looked(20 * minute)}, until(30 * minute)},
		{"window closed, not looked since", 30 * minute, []change{gatewayOrder, looked(29 * minute)}, effect(checkout.EffectInspectPayments, "")},
		{"window closed, looked", 30 * minute, []change{gatewayOrder, looked(30 * minute)}, effect(checkout.EffectClose, "")},
		{"failed is not final", 0, []change{gatewayOrder, paid("1", payment.StatusFailed, due)}, until(minute)},
		{"cancellation asked for", 0, []change{gatewayOrder, cancelled}, effect(checkout.EffectInspectPayments, "")},
		{"cancellation asked for, looked", 0, []change{gatewayOrder, cancelled, looked(0)}, effect(checkout.EffectClose, "")},
		{"cancellation asked for, money is in", 0, []change{gatewayOrder, cancelled, captured}, effect(checkout.EffectCreateOrder, "")},
		{"authorised", 0, []change{gatewayOrder, paid("1", payment.StatusAuthorized, due)}, effect(checkout.EffectCapture, pay1)},
		{"authorised as the window closes", 31 * minute, []change{gatewayOrder, paid("1", payment.StatusAuthorized, due)}, effect(checkout.EffectCapture, pay1)},
		{"too little was captured", 0, []change{gatewayOrder, paid("1", payment.StatusCaptured, short)}, effect(checkout.EffectRefund, pay1)},
		{"too little was captured, refunded", 0, []change{gatewayOrder, paid("1", payment.StatusCaptured, short), refunded("1")}, until(minute)},
		{"too little was authorised", 0, []change{gatewayOrder, paid("1", payment.StatusAuthorized, short)}, until(minute)},
		{"captured twice", 0, []change{gatewayOrder, captured, paid("2", payment.StatusCaptured, due)}, effect(checkout.EffectRefund, "pay_00000000000002")},
		{"captured twice, surplus refunded", 0, []change{gatewayOrder, captured, paid("2", payment.StatusCaptured, due), refunded("2")}, effect(checkout.EffectCreateOrder, "")},

		{"paid", 0, []change{gatewayOrder, captured}, effect(checkout.EffectCreateOrder, "")},
		{"paid after the window", time.Hour, []change{gatewayOrder, captured}, effect(checkout.EffectCreateOrder, "")},
		{"due on delivery", 0, []change{cod}, effect(checkout.EffectCreateOrder, "")},
		{"paid, order pending", 0, []change{gatewayOrder, captured, order}, effect(checkout.EffectCompleteOrder, "7")},
		{"paid, with a twin", 0, []change{gatewayOrder, captured, order, twin}, effect(checkout.EffectTrashTwin, "8")},
		{"paid, twin trashed", 0, []change{gatewayOrder, captured, order, twin, trashed(8)}, effect(checkout.EffectCompleteOrder, "7")},
		{"in effect", 0, []change{gatewayOrder, captured, order, inEffect}, effect(checkout.EffectClearCart, "")},
		{"the store subtracted twice", 0, with(done, twice), effect(checkout.EffectRestoreStock, "7")},
		{"the store subtracted twice, the customer is told first", 0, with(done, twice, notify), effect(checkout.EffectNotify, string(checkout.NoticeOrderConfirmed))},
		{"putting back may have happened", 0, with(done, twice, intent(checkout.EffectRestoreStock, "7", true, 0, 0)), find(checkout.EffectRestoreStock, "7")},
		{"the store has not subtracted yet", 0, with(done, late), effect(checkout.EffectCheckStock, "7")},
		{"a twin turns up late", 0, with(done, twin), effect(checkout.EffectTrashTwin, "8")},
		{"customer not told", 0, with(done, notify), effect(checkout.EffectNotify, string(checkout.NoticeOrderConfirmed))},
		{"customer told", 0, with(done, notify, told(checkout.NoticeOrderConfirmed)), until(minute)},
		{"to be shipped", 0, with(done, ship), effect(checkout.EffectShip, "")},
		{"shipped, customer not told", 0, with(done, notify, told(checkout.NoticeOrderConfirmed), shipment), effect(checkout.EffectNotify, string(checkout.NoticeShipped))},
		{"done, a second payment may come", 0, done, until(minute)},
		{"done, looked for a second payment", minute, done, effect(checkout.EffectInspectPayments, "")},
		{"done, second payment came", minute, with(done, paid("2", payment.StatusCaptured, due)), effect(checkout.EffectRefund, "pay_00000000000002")},
		{"done for good", 7 * 24 * time.Hour, with(done, looked(6*24*time.Hour)), nothing},
		{"cash, the order is told", 0, []change{cod, order, inEffect, cleared}, effect(checkout.EffectNoteOrder, "7")},
		{"cash, on its way", 0, []change{cod, order, inEffect, cleared, orderNoted}, nothing},
		{"cash, some arrived", 0, []change{cod, order, inEffect, cleared, orderNoted, remitted(1)}, nothing},
		{"cash, arrived", 0, []change{cod, order, inEffect, cleared, orderNoted, remitted(due.Minor())}, effect(checkout.EffectSettleCash, "7")},
		{"cash, arrived in parts", 0, []change{cod, order, inEffect, cleared, orderNoted, remitted(1), remitted(due.Minor() - 1)}, effect(checkout.EffectSettleCash, "7")},
		{"cash, done", 0, []change{cod, order, inEffect, cleared, orderNoted, remitted(due.Minor()), settled}, nothing},

		{"closed, order was made first", time.Hour, []change{before, order, gatewayOrder, closed}, effect(checkout.EffectCancelOrder, "7")},
		{"closed, order trashed", time.Hour, []change{before, order, gatewayOrder, closed, trashed(7), looked(30 * minute)}, effect(checkout.EffectInspectPayments, "")},
		{"closed without a gateway order", time.Hour, []change{closed}, nothing},
		{"closed, still followed", 40 * minute, []change{gatewayOrder, closed, looked(30 * minute)}, until(time.Hour)},
		{"closed, daily look", 26 * time.Hour, []change{gatewayOrder, closed, looked(time.Hour)}, effect(checkout.EffectInspectPayments, "")},
		{"closed, followed to the end", 7 * 24 * time.Hour, []change{gatewayOrder, closed, looked(6 * 24 * time.Hour)}, nothing},
		{"closed, money came", time.Hour, []change{gatewayOrder, closed, captured}, effect(checkout.EffectReopen, "")},
		{"closed, authorised late", time.Hour, []change{gatewayOrder, closed, paid("1", payment.StatusAuthorized, due)}, effect(checkout.EffectReopen, "")},
		{"cancelled for good, authorised late", 2 * time.Hour, []change{gatewayOrder, closed, final, paid("1", payment.StatusAuthorized, due), looked(time.Hour)}, until(25 * time.Hour)},
		{"cancelled for good, money came", time.Hour, []change{gatewayOrder, closed, final, captured}, effect(checkout.EffectReopen, "")},
		{"money came, stock gone", time.Hour, []change{gatewayOrder, closed, captured, unplaceable}, effect(checkout.EffectRefund, pay1)},
		{"money came, stock gone, refunded", time.Hour, []change{gatewayOrder, closed, captured, unplaceable, refunded("1")}, effect(checkout.EffectInspectPayments, "")},
		{"money came, stock gone, refunded, followed to the end", 7 * 24 * time.Hour, []change{gatewayOrder, closed, captured, unplaceable, refunded("1"), looked(6 * 24 * time.Hour)}, nothing},

		{"call under way elsewhere", 0, []change{gatewayOrder, captured, intent(checkout.EffectCreateOrder, "", true, minute, 0)}, until(minute)},
		{"call lost", 2 * minute, []change{gatewayOrder, captured, intent(checkout.EffectCreateOrder, "", true, minute, 0)}, find(checkout.EffectCreateOrder, "")},
		{"call failed, the cart need not wait for it", 0, []change{gatewayOrder, captured, intent(checkout.EffectCreateOrder, "", false, 0, minute)}, effect(checkout.EffectClearCart, "")},
		{"call failed, pause", 0, []change{gatewayOrder, captured, cleared, looked(0), intent(checkout.EffectCreateOrder, "", false, 0, minute)}, until(minute)},
		{"call failed, due again", minute, []change{gatewayOrder, captured, intent(checkout.EffectCreateOrder, "", false, 0, minute)}, effect(checkout.EffectCreateOrder, "")},
		{"call given up, payments are still followed", 0, []change{gatewayOrder, captured, cleared, intent(checkout.EffectCreateOrder, "", false, 0, 0), dead}, checkout.Effect{Kind: checkout.EffectStuck, Ref: "create_order", Until: t0.Add(minute)}},
		{"call given up, look", minute, []change{gatewayOrder, captured, cleared, intent(checkout.EffectCreateOrder, "", true, 0, 0), dead}, effect(checkout.EffectInspectPayments, "")},
		{"call given up, nothing else", 7 * 24 * time.Hour, []change{gatewayOrder, captured, cleared, looked(6 * 24 * time.Hour), intent(checkout.EffectCreateOrder, "", false, 0, 0), dead}, checkout.Effect{Kind: checkout.EffectStuck, Ref: "create_order"}},
		{"gateway order given up, until the window closes", 0, []change{intent(checkout.EffectCreateGatewayOrder, "", false, 0, 0), dead}, checkout.Effect{Kind: checkout.EffectStuck, Ref: "create_gateway_order", Until: t0.Add(30 * minute)}},
		{"refund of a surplus given up, the sale goes on", 0, []change{gatewayOrder, captured, paid("2", payment.StatusCaptured, due), intent(checkout.EffectRefund, "pay_00000000000002", false, 0, 0), dead}, effect(checkout.EffectCreateOrder, "")},
		{"refund of a surplus paused, the sale goes on", 0, []change{gatewayOrder, captured, paid("2", payment.StatusCaptured, due), intent(checkout.EffectRefund, "pay_00000000000002", true, 0, minute)}, effect(checkout.EffectCreateOrder, "")},
		{"twin cannot be trashed, the sale goes on", 0, []change{gatewayOrder, captured, order, twin, intent(checkout.EffectTrashTwin, "8", false, 0, 0), dead}, effect(checkout.EffectCompleteOrder, "7")},
		{"customer cannot be told, the parcel leaves", 0, with(done, notify, ship, intent(checkout.EffectNotify, string(checkout.NoticeOrderConfirmed), false, 0, minute)), effect(checkout.EffectShip, "")},
		{"capture refused before the window closes", 5 * minute, []change{gatewayOrder, looked(5 * minute), paid("1", payment.StatusAuthorized, due), intent(checkout.EffectCapture, pay1, false, 0, 0), dead}, checkout.Effect{Kind: checkout.EffectStuck, Ref: "capture", Until: t0.Add(15 * minute)}},
		{"capture refused, window closed", 30 * minute, []change{gatewayOrder, looked(30 * minute), paid("1", payment.StatusAuthorized, due), intent(checkout.EffectCapture, pay1, false, 0, 0), dead}, effect(checkout.EffectClose, "")},
		{"capture refused, closed", time.Hour, []change{gatewayOrder, closed, looked(time.Hour), paid("1", payment.StatusAuthorized, due), intent(checkout.EffectCapture, pay1, false, 0, 0), dead}, until(25 * time.Hour)},
		{"capture paused, window closed", 31 * minute, []change{gatewayOrder, looked(30 * minute), paid("1", payment.StatusAuthorized, due), intent(checkout.EffectCapture, pay1, false, 0, 32*minute)}, until(32 * minute)},
		{"lost order of an unpaid checkout does not keep its stock", time.Hour, []change{before, intent(checkout.EffectCreateOrder, "", true, 0, 90*minute)}, effect(checkout.EffectClose, "")},
		{"lost order of a closed checkout is looked up", time.Hour, []change{before, closed, intent(checkout.EffectCreateOrder, "", true, 0, 0)}, find(checkout.EffectCreateOrder, "")},
		{"closed with a twin", time.Hour, []change{before, order, twin, closed, trashed(7)}, effect(checkout.EffectTrashTwin, "8")},
		{"closed, the order cannot be cancelled, a payment came", time.Hour, []change{before, gatewayOrder, order, closed, captured, intent(checkout.EffectCancelOrder, "7", false, 0, 0), dead}, effect(checkout.EffectReopen, "")},
		{"closed, the order not cancelled yet, a payment came", time.Hour, []change{before, gatewayOrder, order, closed, captured, looked(time.Hour), intent(checkout.EffectCancelOrder, "7", false, 0, 2*time.Hour)}, until(2 * time.Hour)},
		{"in effect, refunded at the gateway", time.Hour, with(done, ship, paid("1", payment.StatusRefunded, due), looked(time.Hour)), until(25 * time.Hour)},
		{"refunded at the gateway while completing is unknown", time.Hour, []change{gatewayOrder, captured, order, paid("1", payment.StatusRefunded, due), looked(time.Hour), intent(checkout.EffectCompleteOrder, "7", true, 0, 2*time.Hour)}, until(2 * time.Hour)},
		{"failed call no longer wanted", 30 * minute, []change{intent(checkout.EffectCreateGatewayOrder, "", false, 0, 0), dead}, effect(checkout.EffectClose, "")},
		{"lost gateway order no longer wanted", 30 * minute, []change{intent(checkout.EffectCreateGatewayOrder, "", true, 0, 0)}, effect(checkout.EffectClose, "")},
		{"lost gateway order", 2 * minute, []change{intent(checkout.EffectCreateGatewayOrder, "", true, minute, 0)}, find(checkout.EffectCreateGatewayOrder, "")},
		{"lost capture comes before closing", time.Hour, []change{gatewayOrder, looked(30 * minute), intent(checkout.EffectCapture, pay1, true, 0, 0)}, find(checkout.EffectCapture, pay1)},
		{"lost refund comes first", time.Hour, []change{gatewayOrder, closed, captured, unplaceable, intent(checkout.EffectRefund, pay1, true, 0, 0)}, find(checkout.EffectRefund, pay1)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := checkout.Next(record(tt.is...), t0.Add(tt.now))
			if got.Why == "" && got.Kind != checkout.EffectStuck {
				t.Error("the decision is not explained")
			}
			if diff := cmp.Diff(tt.want, got, cmpopts.IgnoreFields(checkout.Effect{}, "Why")); diff != "" {
				t.Errorf("Next (-want +got):\n%s", diff)
			}
		})
	}
}
