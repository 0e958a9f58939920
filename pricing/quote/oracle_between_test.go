package quote_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/pricing/quote"
)

// TestCartsOfOtherVersions takes carts that the classes of WooCommerce 9.9.5 and 10.0.2 added up, whose arithmetic is neither that of
// 9.8 nor that of 10.4; and carts of 9.8.5 in which nothing that is taxed is shipped.
func TestCartsOfOtherVersions(t *testing.T) {
	compared := map[string]int{}
	for _, r := range sample[cartRecord](t, "cart-totals-rounded") {
		compared[r.Version]++
		got, err := quote.Cart(r.input(t))
		if err != nil {
			t.Errorf("%s in %s: %v", r.ID, r.Version, err)
			continue
		}
		c := comparison{places: int32(r.Input.Settings.Decimals)}
		for i, want := range r.Output.Lines {
			at, g := fmt.Sprintf("lines[%d].", i), got.Lines[i]
			c.text(at+"subtotal", want.rounded.Subtotal, g.Subtotal)
			c.text(at+"subtotal_tax", want.rounded.SubtotalTax, g.SubtotalTax)
			c.text(at+"total", want.rounded.Total, g.Total)
			c.text(at+"total_tax", want.rounded.TotalTax, g.TotalTax)
		}
		for name, value := range cartTotals(got.Totals) {
			c.text(name, strings.Trim(string(r.Output.Totals[name+"_r"]), `"`), value)
		}
		if len(c.diffs) > 0 {
			t.Errorf("%s in %s: %v", r.ID, r.Version, c.diffs)
		}
	}
	if compared["9.8.5"] < 3 || compared["9.9.5"] < 100 || compared["10.0.2"] < 100 {
		t.Errorf("compared %v", compared)
	}
}
