package checkout_test

import (
	"fmt"
	"testing"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// BenchmarkPlace places orders of three lines on memory: what the processor does for one Place, the stores' own work on the
// record's stored form included, without any network.
//
//	go test -run '^$' -bench BenchmarkPlace -benchtime 2000x ./checkout
func BenchmarkPlace(b *testing.B) {
	for _, m := range []payment.Method{payment.MethodRazorpay, payment.MethodCOD} {
		b.Run(string(m), func(b *testing.B) {
			s := newShop(b)
			for _, item := range []cart.Item{mug, sari} {
				s.check(s.stock.Receive(b.Context(), keyOf(item), int64(b.N)))
			}
			ready := make([]checkout.Record, b.N)
			for i := range ready {
				owner := cart.Owner(fmt.Sprintf("guest:%d", i))
				for _, item := range []cart.Item{mug, sari, eBook} {
					s.fill(owner, item, 1)
				}
				ready[i] = s.ready(owner, m)
			}
			b.ReportAllocs()
			b.ResetTimer()
			for _, r := range ready {
				s.place(r)
			}
		})
	}
}
