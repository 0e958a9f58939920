package fakegateway

import (
	"context"
	"slices"

	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// smallestRupees is the least a gateway takes in rupees: one.
const smallestRupees = 100

// order is a gateway order and every attempt to pay it, oldest first.
type order struct {
	payment.Order
	attempts []*attempt
}

// CreateOrder implements payment.Gateway.
func (g *Gateway) CreateOrder(ctx context.Context, r payment.OrderRequest) (payment.Order, error) {
	if err := r.Validate(); err != nil {
		return payment.Order{}, err
	}
	return call(ctx, g, OpCreateOrder, func(f Fault) (payment.Order, error) {
		made, err := g.createOrder(r)
		if f.Kind == DuplicateOrder && err == nil {
			return g.addOrder(r)
		}
		return made, err
	})
}

func (g *Gateway) createOrder(r payment.OrderRequest) (payment.Order, error) {
	if r.Amount.Currency() == pricing.INR && r.Amount.Minor() < smallestRupees {
		return payment.Order{}, refused(OpCreateOrder, "Order amount less than minimum amount allowed")
	}
	if before := g.receipts[r.Receipt]; g.config.UniqueReceipt && len(before) > 0 {
		if before[0].Amount != r.Amount {
			return payment.Order{}, refused(OpCreateOrder, "receipt used for another amount")
		}
		return before[0].Order, nil
	}
	return g.addOrder(r)
}

func (g *Gateway) addOrder(r payment.OrderRequest) (payment.Order, error) {
	id, err := g.newID("order_")
	if err != nil {
		return payment.Order{}, &payment.UnavailableError{Op: string(OpCreateOrder), Err: err}
	}
	made := &order{Order: payment.Order{
		ID: id, Receipt: r.Receipt, Amount: r.Amount, Status: payment.OrderCreated, CreatedAt: g.config.Now(),
	}}
	g.orders[id] = made
	g.receipts[r.Receipt] = append(g.receipts[r.Receipt], made)
	return made.Order, nil
}

// FindOrder implements payment.Gateway.
func (g *Gateway) FindOrder(ctx context.Context, receipt string) (payment.Order, error) {
	return call(ctx, g, OpFindOrder, func(Fault) (payment.Order, error) {
		var best *order
		for _, o := range g.receipts[receipt] {
			g.settle(o)
			if best == nil || progress(o.Status) > progress(best.Status) {
				best = o
			}
		}
		if best == nil {
			return payment.Order{}, &payment.NotFoundError{What: "order", ID: receipt}
		}
		return best.Order, nil
	})
}

// Payments implements payment.Gateway.
func (g *Gateway) Payments(ctx context.Context, orderID string) ([]payment.Payment, error) {
	return call(ctx, g, OpPayments, func(f Fault) ([]payment.Payment, error) {
		o, err := g.find(orderID)
		if err != nil {
			return nil, err
		}
		var payments []payment.Payment
		for _, a := range o.attempts {
			payments = append(payments, f.shorten(a.Payment))
		}
		return payments, nil
	})
}

// Orders returns the orders made for a receipt, oldest first: a test's look behind the counter.
func (g *Gateway) Orders(receipt string) []payment.Order {
	g.mu.Lock()
	defer g.mu.Unlock()
	var orders []payment.Order
	for _, o := range g.receipts[receipt] {
		g.settle(o)
		orders = append(orders, o.Order)
	}
	return slices.Clip(orders)
}

// find returns an order as it stands at this moment.
func (g *Gateway) find(orderID string) (*order, error) {
	o, ok := g.orders[orderID]
	if !ok {
		return nil, &payment.NotFoundError{What: "order", ID: orderID}
	}
	g.settle(o)
	return o, nil
}

func progress(s payment.OrderStatus) int {
	switch s {
	case payment.OrderAttempted:
		return 1
	case payment.OrderPaid:
		return 2
	}
	return 0
}
