package wootest

import (
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/shopspring/decimal"
)

// refund is money given back on an order. It leaves the order's own totals.
type refund struct {
	id, order int64
	amount    decimal.Decimal
	reason    string
	at        time.Time
	meta      []shop.MetaData
	lines     []*orderLine // quantities and totals negative
}

// refunded is what was given back on an order so far.
func (st *state) refunded(o *order) decimal.Decimal {
	sum := decimal.Zero
	for _, id := range o.refunds {
		if r := st.refunds[id]; r != nil {
			sum = sum.Add(r.amount)
		}
	}
	return sum
}
