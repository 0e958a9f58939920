package site

import (
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/shopspring/decimal"
)

// Refund is money given back on an order. It leaves the order's own totals.
type Refund struct {
	ID, Order int64
	Amount    decimal.Decimal
	Reason    string
	At        time.Time
	Meta      []shop.MetaData
	Lines     []*OrderLine // quantities and totals negative
}

// Refunded is what was given back on an order so far.
func (st *State) Refunded(o *Order) decimal.Decimal {
	sum := decimal.Zero
	for _, id := range o.Refunds {
		if r := st.Refunds[id]; r != nil {
			sum = sum.Add(r.Amount)
		}
	}
	return sum
}
