package live_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/ankkor/ankkor/checkout"
)

var paid = checkout.Completion{Paid: true, TransactionID: "pay_00000000000001", PaymentMethod: "razorpay", PaymentMethodTitle: "UPI"}

// TestCutWhileCreating: whatever is lost, the outcome is unknown, nothing is
// sent twice, and one look finds the order or that there is none.
func TestCutWhileCreating(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		g := s.stockGoods()
		request := s.orderOf(g.all(), s.address(true), 0)
		for i, how := range losses {
			t.Run(string(how), func(t *testing.T) {
				req := request
				req.Token = fmt.Sprintf("%s-create-%d", request.Token, i)
				t.Cleanup(func() { s.clearAll(req.Token) })
				s.wire.spoil(how, 0)
				if _, err := s.client.CreatePending(t.Context(), req); !errors.Is(err, checkout.ErrUnknown) {
					t.Fatalf("%v, want an unknown outcome", err)
				}
				found := s.find(t, req.Token)
				if want := map[loss]int{requestLost: 0, replyLost: 1, replyTorn: 1}[how]; len(found) != want {
					t.Fatalf("found %d orders, want %d: %+v", len(found), want, found)
				}
				if how == requestLost {
					if _, err := s.client.CreatePending(t.Context(), req); err != nil {
						t.Fatal(err)
					}
					found = s.find(t, req.Token)
				}
				before := s.shelf(g)
				done, err := s.client.Complete(t.Context(), found[0].ID, paid)
				if err != nil || !done.Paid() {
					t.Fatalf("%+v, %v", done, err)
				}
				compare(t, req.Quote, s.keeper.order(done.ID))
				s.soldOnce(t, g, before)
			})
		}
	})
}

// TestCutWhileCompleting: between the reading before and the reading after, the
// writing is lost. Completing again makes it good, and the stock goes down once.
func TestCutWhileCompleting(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		g := s.stockGoods()
		request := s.orderOf(g.all(), s.address(false), 0)
		for at, step := range []string{"read before", "write", "read after"} {
			for i, how := range losses {
				t.Run(step+": "+string(how), func(t *testing.T) {
					req := request
					req.Token = fmt.Sprintf("%s-complete-%d%d", request.Token, at, i)
					t.Cleanup(func() { s.clearAll(req.Token) })
					created, err := s.client.CreatePending(t.Context(), req)
					if err != nil {
						t.Fatal(err)
					}
					before, spoilt := s.shelf(g), s.wire.losses()
					s.wire.spoil(how, at)
					_, err = s.client.Complete(t.Context(), created.ID, paid)
					if s.wire.losses() != spoilt+1 {
						t.Fatal("nothing was lost")
					}
					if lost := errors.Is(err, checkout.ErrUnknown); lost != (step == "write") {
						t.Errorf("%v", err)
					}
					done, err := s.client.Complete(t.Context(), created.ID, paid)
					if err != nil || !done.Paid() || done.TransactionID != paid.TransactionID {
						t.Fatalf("%+v, %v", done, err)
					}
					s.soldOnce(t, g, before)
					if n := len(s.find(t, req.Token)); n != 1 {
						t.Errorf("%d orders carry the token of the paid one", n)
					}
				})
			}
		}
	})
}

func (s *shop) find(t *testing.T, token string) []checkout.StoreOrder {
	t.Helper()
	found, err := s.client.FindOrder(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// soldOnce checks that the store subtracted each piece exactly once.
func (s *shop) soldOnce(t *testing.T, g goods, before map[string]int64) {
	t.Helper()
	after := s.shelf(g)
	for _, p := range g.all() {
		if sold := before[p.sku] - after[p.sku]; sold != p.quantity {
			t.Errorf("%s: %d sold, want %d", p.sku, sold, p.quantity)
		}
	}
}

// clearAll clears every order that carries the token.
func (s *shop) clearAll(token string) {
	found, err := s.client.FindOrder(afterwards(s.T), token)
	if err != nil {
		s.Errorf("orders with %s are left behind: %v", token, err)
	}
	for _, o := range found {
		s.keeper.clear(o.ID)
	}
}
