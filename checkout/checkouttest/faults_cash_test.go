package checkouttest_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouttest"
	"github.com/ankkor/ankkor/internal/suitetest"
)

func TestRunCashOrders(t *testing.T) {
	checkouttest.RunCashOrders(t, func(*testing.T) checkouttest.OrderHarness {
		return checkouttest.OrderHarness{Orders: memstore.NewOrders(nil), Request: request()}
	})
}

// spoiledCash spoils what it is given functions for.
type spoiledCash struct {
	*memstore.Orders
	complete func(checkout.StoreOrder) checkout.StoreOrder
	settle   func(context.Context, int64, checkout.CashSettlement) (checkout.StoreOrder, error)
	note     func(context.Context, int64, string) error
	noted    func(context.Context, int64, string) (bool, error)
}

func (o spoiledCash) Complete(ctx context.Context, id int64, how checkout.Completion) (checkout.StoreOrder, error) {
	order, err := o.Orders.Complete(ctx, id, how)
	if o.complete != nil {
		order = o.complete(order)
	}
	return order, err
}

func (o spoiledCash) SettleCash(ctx context.Context, id int64, s checkout.CashSettlement) (checkout.StoreOrder, error) {
	if o.settle != nil {
		return o.settle(ctx, id, s)
	}
	return o.Orders.SettleCash(ctx, id, s)
}

func (o spoiledCash) NoteOrder(ctx context.Context, id int64, text string) error {
	if o.note != nil {
		return o.note(ctx, id, text)
	}
	return o.Orders.NoteOrder(ctx, id, text)
}

func (o spoiledCash) Noted(ctx context.Context, id int64, text string) (bool, error) {
	if o.noted != nil {
		return o.noted(ctx, id, text)
	}
	return o.Orders.Noted(ctx, id, text)
}

func TestRunCashOrdersRejects(t *testing.T) {
	later := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	faults := map[string]struct {
		promise string
		spoil   func(*spoiledCash)
	}{
		"processing is taken for paid": {"an order due on delivery is in effect and not paid", func(o *spoiledCash) {
			o.complete = func(order checkout.StoreOrder) checkout.StoreOrder { order.DatePaid = later; return order }
		}},
		"the order stays as it is": {"the cash completes an order", func(o *spoiledCash) {
			orders := o.Orders
			o.settle = func(ctx context.Context, id int64, _ checkout.CashSettlement) (checkout.StoreOrder, error) {
				return orders.Complete(ctx, id, checkout.Completion{Status: "processing", PaymentMethod: "cod"})
			}
		}},
		"every call dates it anew": {"settling twice has one effect", func(o *spoiledCash) {
			orders, calls := o.Orders, 0
			o.settle = func(ctx context.Context, id int64, s checkout.CashSettlement) (checkout.StoreOrder, error) {
				order, err := orders.SettleCash(ctx, id, s)
				calls++
				order.DatePaid = order.DatePaid.Add(time.Duration(calls) * time.Hour)
				return order, err
			}
		}},
		"a cancelled order is settled": {"an order that is not in effect is not settled", func(o *spoiledCash) {
			orders := o.Orders
			o.settle = func(ctx context.Context, id int64, s checkout.CashSettlement) (checkout.StoreOrder, error) {
				order, err := orders.SettleCash(ctx, id, s)
				if errors.Is(err, checkout.ErrRefused) {
					err = nil
				}
				return order, err
			}
		}},
		"what is not there is no error": {"an order that is not there is refused", func(o *spoiledCash) {
			orders := o.Orders
			o.settle = func(ctx context.Context, id int64, s checkout.CashSettlement) (checkout.StoreOrder, error) {
				if id > 100000 {
					return checkout.StoreOrder{}, nil
				}
				return orders.SettleCash(ctx, id, s)
			}
		}},
		"its beginning is enough": {"a remark is found by its whole text", func(o *spoiledCash) {
			orders := o.Orders
			o.noted = func(ctx context.Context, id int64, text string) (bool, error) {
				for _, n := range orders.Notes(id) {
					if strings.HasPrefix(n, text) {
						return true, nil
					}
				}
				return orders.Noted(ctx, id, text)
			}
		}},
		"remarks are everywhere": {"a remark is not on other orders", func(o *spoiledCash) {
			written := map[string]bool{}
			o.note = func(_ context.Context, _ int64, text string) error { written[text] = true; return nil }
			o.noted = func(_ context.Context, _ int64, text string) (bool, error) { return written[text], nil }
		}},
		"a done context is unknown": {"a done context has no effect", func(o *spoiledCash) {
			orders := o.Orders
			o.note = func(ctx context.Context, id int64, text string) error {
				if ctx.Err() != nil {
					return checkout.ErrUnknown
				}
				return orders.NoteOrder(ctx, id, text)
			}
		}},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			suitetest.Rejects(t, fault.promise, func(t *testing.T) {
				checkouttest.RunCashOrders(t, func(*testing.T) checkouttest.OrderHarness {
					o := &spoiledCash{Orders: memstore.NewOrders(nil)}
					fault.spoil(o)
					return checkouttest.OrderHarness{Orders: o, Request: request()}
				})
			})
		})
	}
}

func TestRunCashHistory(t *testing.T) {
	checkouttest.RunCashHistory(t, func(*testing.T) checkouttest.CashHistoryHarness {
		store := newSound().Checkouts
		return checkouttest.CashHistoryHarness{Store: store, History: store}
	})
}

// spoiledHistory asks for somebody else, or answers something else.
type spoiledHistory struct {
	sound  checkout.CashHistory
	each   bool // name is counted for itself
	ask    func(checkout.CashCustomer) checkout.CashCustomer
	answer func(checkout.CashRecord, error) (checkout.CashRecord, error)
}

func (h spoiledHistory) CashHistory(ctx context.Context, who checkout.CashCustomer) (checkout.CashRecord, error) {
	if h.ask != nil {
		who = h.ask(who)
	}
	past, err := h.sound.CashHistory(ctx, who)
	if h.each && who.Owner != "" && who.Phone != "" {
		past.Open *= 2
	}
	if h.answer != nil {
		return h.answer(past, err)
	}
	return past, err
}

func TestRunCashHistoryRejects(t *testing.T) {
	for name, fault := range map[string]struct {
		promise string
		spoil   spoiledHistory
	}{
		"everybody has one open order": {"nobody has a past who did not buy", spoiledHistory{answer: func(past checkout.CashRecord, err error) (checkout.CashRecord, error) {
			past.Open = max(past.Open, 1)
			return past, err
		}}},
		"the phone is not asked for": {"a customer is known by any of three names", spoiledHistory{ask: func(who checkout.CashCustomer) checkout.CashCustomer {
			who.Phone = ""
			return who
		}}},
		"each name is counted": {"a checkout with two of the names counts once", spoiledHistory{each: true}},
		"a guest is everybody": {"an empty name matches nobody", spoiledHistory{ask: func(who checkout.CashCustomer) checkout.CashCustomer {
			if who == (checkout.CashCustomer{}) {
				who.Owner = "customer:7"
			}
			return who
		}}},
		"what came back is forgotten": {"what counts is what CashRecord.Count says", spoiledHistory{answer: func(past checkout.CashRecord, err error) (checkout.CashRecord, error) {
			past.Returned = 0
			return past, err
		}}},
		"no error": {"a done context is an error", spoiledHistory{answer: func(past checkout.CashRecord, _ error) (checkout.CashRecord, error) {
			return past, nil
		}}},
	} {
		t.Run(name, func(t *testing.T) {
			suitetest.Rejects(t, fault.promise, func(t *testing.T) {
				checkouttest.RunCashHistory(t, func(*testing.T) checkouttest.CashHistoryHarness {
					store := newSound().Checkouts
					fault.spoil.sound = store
					return checkouttest.CashHistoryHarness{Store: store, History: fault.spoil}
				})
			})
		})
	}
}
